import { generate } from 'lean-qr';
import type { FunctionalComponent } from 'vue';
import { QUIET_MODULES, qrPath } from '../models/qr-path.ts';

/** A text as a QR code, drawn here: it goes nowhere. */
export const QrCode: FunctionalComponent<{ readonly text: string; readonly label: string }> = ({ text, label }) => {
  const modules = generate(text);
  const size = modules.size + 2 * QUIET_MODULES;
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={qrPath({ size: modules.size, get: (x, y) => modules.get(x, y) })} fill="#000" />
    </svg>
  );
};
QrCode.props = ['text', 'label'];
