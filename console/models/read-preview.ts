/** What one vehicle knows beside what would leave it, as `tongguan preview --json` says it. */
export interface VehiclePreview {
  readonly policy: { readonly id: string; readonly version: number; readonly preset: string };
  readonly lines: readonly { readonly what: string; readonly known: number; readonly leaves: number }[];
  /** By cause. */
  readonly removed: Readonly<Record<string, number>>;
}

/** Characters of a preview; each frame of it is a line of the vehicle's day. */
export const PREVIEW_CHARACTERS_MAX = 134_217_728;

/** Counts of a preview; its frames, which hold what the vehicle knows, are let go at once. Undefined for what is no preview. */
export function readPreview(text: string): VehiclePreview | undefined {
  try {
    const { policy, lines, removed } = JSON.parse(text) as Partial<VehiclePreview>;
    return policy === undefined || !Array.isArray(lines) || removed === undefined
      ? undefined
      : { policy, lines, removed };
  } catch {
    return undefined;
  }
}
