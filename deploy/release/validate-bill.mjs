// Holds a bill of materials against the published schema of CycloneDX, which comes with the library of that project (build/tools, by `make tools`).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const [file] = process.argv.slice(2);
const tools = createRequire(fileURLToPath(new URL('../../build/tools/package.json', import.meta.url)));
const { Spec, Validation } = tools('@cyclonedx/cyclonedx-library');
const text = readFileSync(file, 'utf8');
const wrong = await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text);
if (wrong !== null) {
  process.stderr.write(`bill of materials: error: ${JSON.stringify(wrong)}\n`);
  process.exit(1);
}
process.stdout.write(
  `${file}: ${JSON.parse(text).components.length} components, good by the schema of CycloneDX 1.5\n`,
);
