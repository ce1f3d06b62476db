/** What the files of a folder may import. The row of a file by name goes before the row of its folder. */
export interface LawRow {
  /** One folder (its own files, not those of the folders in it), or one file. */
  readonly files: string;
  /** Folders and files of ours, and packages, whose values it may use. `x/**` is x with everything below it. */
  readonly may: readonly string[];
  /** Folders and files of ours of which it may use types only. */
  readonly mayName?: readonly string[];
  /** Modules of Node. Their types anybody may use. */
  readonly node?: readonly string[];
  /** The same arguments give the same result: no clock, chance, timer, file, network or process. */
  readonly isPure?: true;
}

const words = 'proto/words';
const codec = 'proto/codec';
const crypto = 'node:crypto';

// biome-ignore format: one row a line, so that the law reads as a table
export const LAW: readonly LawRow[] = [
  // The contract. It knows nobody.
  { files: 'proto/words', may: [words], isPure: true },
  { files: 'proto/words/canonical-json.ts', may: [words, 'canonicalize'], isPure: true },
  { files: 'proto/geo', may: [words, 'proto/geo', 'proj4'], isPure: true },
  { files: 'proto/traces', may: ['proto/traces', words], isPure: true },
  { files: 'proto/codec', may: [words, codec], isPure: true },
  { files: 'proto/codec/device-id.ts', may: [words], node: [crypto], isPure: true },
  { files: 'proto/codec/key-id.ts', may: [], node: [crypto], isPure: true },
  { files: 'proto/codec/device-key.ts', may: [words, codec], node: [crypto], isPure: true },
  { files: 'proto/codec/deflated.ts', may: [words, codec], node: ['node:zlib'], isPure: true },
  { files: 'proto/codec/schema.ts', may: [words, codec, 'protobufjs'], isPure: true },
  // It reads the schemas once, when it is loaded; they ship beside it.
  { files: 'proto/codec/schema-text.ts', may: [], node: ['node:fs'] },
  // What is done to a picture, the same on the vehicle and where terminals without an agent send theirs.
  { files: 'proto/imagery', may: ['proto/imagery', words, codec], isPure: true },
  // Each detector is a program for a thread, which detector-thread.ts runs.
  { files: 'proto/imagery/detector-thread.ts', may: [], mayName: ['proto/imagery'], node: ['node:worker_threads'] },
  { files: 'proto/imagery/onnx-model.ts', may: [], mayName: ['proto/imagery'] },
  { files: 'proto/imagery/open-detector.ts', may: ['proto/imagery', words] },
  { files: 'proto/imagery/sharp-codec.ts', may: ['proto/imagery', words, 'sharp'] },
  // The one binding is loaded by name: which one runs depends on Node.
  { files: 'proto/config/load-sqlite.ts', may: [], mayName: ['better-sqlite3'], node: ['node:module'] },
  { files: 'proto/config/detector-fields.ts', may: ['zod'], isPure: true },
  { files: 'proto/config/instant-text.ts', may: [words, 'zod'], isPure: true },
  { files: 'proto/config/title-text.ts', may: ['zod'], isPure: true },
  { files: 'proto/config', may: [words, 'proto/config', 'zod', 'yaml'], node: ['node:fs', 'node:path'] },

  // The vehicle. `node:crypto` in a pure row is for hashes and signatures; chance is looked for by name.
  { files: 'edge/stages', may: ['edge/stages', 'edge/trips', 'edge/policy/consent.ts', 'edge/policy/purpose.ts', words, 'proto/geo', codec], mayName: ['edge/policy', 'edge/ports'], isPure: true },
  { files: 'edge/trips', may: ['edge/trips', words, 'proto/geo'], mayName: ['edge/stages', codec], isPure: true },
  // Pictures are treated outside of the stages, because decoding takes its time; only sensor-interval.ts serves both.
  { files: 'edge/imagery', may: ['edge/imagery', 'edge/policy/consent.ts', 'edge/stages/sensor-interval.ts', 'proto/imagery', words, codec], mayName: ['edge/policy', 'edge/stages'], isPure: true },
  { files: 'edge/policy', may: ['edge/policy', words, codec], mayName: ['edge/ports'], node: [crypto], isPure: true },
  { files: 'edge/fences', may: ['edge/fences', 'edge/stages/closed-fences.ts', words, 'proto/geo', codec, 'flatbush'], mayName: ['edge/ports'], node: [crypto], isPure: true },
  // One campaign at a time; it asks ECUs, files and the cloud through what it is handed.
  { files: 'edge/updates', may: ['edge/updates', words, codec], mayName: ['edge/ports'], node: [crypto], isPure: true },
  { files: 'edge/adapters/ecu-program.ts', may: [], mayName: ['edge/ports'], node: ['node:child_process'] },
  { files: 'edge/open-updates.ts', may: ['edge', 'edge/adapters', 'edge/updates', codec], mayName: ['edge/ports', 'proto/config', words], node: [crypto, 'node:fs'] },
  { files: 'edge/updates-config.ts', may: ['zod'], isPure: true },
  { files: 'edge/ports', may: [], mayName: ['edge/policy', 'edge/ports', 'edge/stages', 'edge/trips', words, codec], isPure: true },
  // Which place a stop belongs to and which day a tag is for are decided by the domain; the adapters store and derive. They
  // share one file of state, which sqlite-state.ts opens.
  { files: 'edge/adapters/own-sockets.ts', may: ['edge/self-check'], node: ['node:fs'] },
  { files: 'edge/adapters/self-check.ts', may: ['edge/self-check', 'edge/adapters/own-sockets.ts'], node: ['node:diagnostics_channel', 'node:dns/promises', 'node:net'] },
  // The operator's plug-in is a program of its own; without a shell, and ended when it is late.
  { files: 'edge/adapters/confidentiality-process.ts', may: ['edge/adapters/confidentiality-fault.ts', 'edge/adapters/confidentiality-lines.ts', 'edge/sources/line-splitter.ts', words], mayName: ['edge/ports', codec], node: ['node:child_process', crypto, 'node:fs/promises'] },
  { files: 'edge/adapters/confidentiality-lines.ts', may: [words], mayName: ['edge/ports'], isPure: true },
  { files: 'edge/adapters/confidentiality-fault.ts', may: [words], isPure: true },
  { files: 'edge/adapters/sqlite-consents.ts', may: [], mayName: ['edge/adapters', 'edge/policy', 'edge/ports'] },
  { files: 'edge/adapters', may: ['edge/adapters/sqlite-state.ts', 'edge/adapters/spool-held-rows.ts', 'edge/adapters/spool-statements.ts', 'edge/stages/tag-subject.ts', 'edge/trips/places.ts', 'edge/trips/trip.ts', words, codec, 'proto/config/load-sqlite.ts', 'mqtt'], mayName: ['better-sqlite3', 'edge/adapters', 'edge/ports', 'edge/stages'], node: [crypto, 'node:fs', 'node:path'] },
  { files: 'edge/sources', may: ['proto/config/instant-text.ts', 'edge/sources/**', words, 'proto/traces', 'zod'], mayName: ['edge/ports'], node: [crypto, 'node:fs', 'node:fs/promises', 'node:net', 'node:path', 'node:stream', 'node:stream/promises', 'node:timers/promises', 'node:zlib'] },
  { files: 'edge/sources/points', may: ['edge/sources/points', 'edge/sources/base64.ts'], isPure: true },
  { files: 'edge/sources/can', may: ['edge/sources/can', 'edge/sources/signal-window.ts', words, 'zod'], mayName: ['edge/ports'], isPure: true },
  { files: 'edge/adapters/candied-dbc.ts', may: ['edge/adapters', 'edge/sources/can', words, 'candied'], isPure: true },
  { files: 'edge/adapters/dbc-statements.ts', may: [], isPure: true },
  { files: 'edge/adapters/dbc-signal-text.ts', may: [], isPure: true },
  { files: 'edge/adapters/can-files.ts', may: ['edge/adapters/candied-dbc.ts', 'edge/sources/**', words], node: ['node:fs'] },
  { files: 'edge/adapters/mqtt-source.ts', may: ['edge/sources', words, 'mqtt'], mayName: ['edge/ports'], node: ['node:net', 'node:tls'] },
  { files: 'edge/adapters/kuksa-source.ts', may: ['edge/adapters/kuksa-messages.ts', 'edge/sources', words, '@grpc/grpc-js', '@grpc/proto-loader'], mayName: ['edge/ports'] },
  { files: 'edge/adapters/kuksa-messages.ts', may: [], isPure: true },
  { files: 'edge/adapters/text-files.ts', may: ['edge/sources', words], node: ['node:fs'] },
  // A program of its own reads the bus; what it prints is parsed as a log is.
  { files: 'edge/adapters/candump-process.ts', may: ['edge/sources/**'], mayName: ['edge/ports'], node: ['node:child_process'] },
  { files: 'edge/picture-tools.ts', may: ['proto/imagery'], mayName: ['edge', 'proto/config'] },
  { files: 'edge/detector-config.ts', may: ['proto/config/detector-fields.ts', 'zod'], isPure: true },
  { files: 'edge', may: ['edge', 'edge/imagery', 'edge/stages', words, codec], mayName: ['edge/policy', 'edge/ports'], node: [crypto], isPure: true },
  { files: 'edge/fence-intake.ts', may: ['edge/fences', words], mayName: ['edge/policy', 'edge/ports'], node: [crypto], isPure: true },
  { files: 'edge/policy-intake.ts', may: ['edge/policy', words], mayName: ['edge', 'edge/ports'], node: [crypto], isPure: true },
  { files: 'edge/consent-intake.ts', may: ['edge/policy', words], mayName: ['edge', 'edge/ports', 'edge/stages'], isPure: true },
  { files: 'edge/consent-socket.ts', may: ['edge/policy/consent-fault.ts', 'edge/sources'], mayName: ['edge', 'edge/ports'] },
  { files: 'edge/confidentiality-config.ts', may: ['proto/config/instant-text.ts', words, 'zod'], isPure: true },
  { files: 'edge/open-policies.ts', may: ['edge', 'edge/adapters'], mayName: ['edge/policy', 'edge/ports', 'proto/config'], node: ['node:fs'] },
  { files: 'edge/open-agent.ts', may: ['edge', 'edge/adapters', 'edge/imagery', 'edge/stages', codec], mayName: ['edge/policy', 'edge/ports', 'proto/config', 'proto/imagery'] },
  { files: 'edge/config.ts', may: ['edge/confidentiality-config.ts', 'edge/detector-config.ts', 'edge/source-config.ts', 'edge/spool-config.ts', 'edge/updates-config.ts', 'zod'], isPure: true },
  { files: 'edge/source-config.ts', may: [words, 'zod'], isPure: true },
  { files: 'edge/open-bus.ts', may: ['edge/adapters/can-files.ts', 'edge/sources/**', words, 'proto/config'] },
  { files: 'edge/open-sources.ts', may: ['edge/adapters', 'edge/open-bus.ts', 'edge/sources/**', words, 'proto/config'], mayName: ['edge', 'edge/ports'] },
  { files: 'edge/spool-config.ts', may: ['zod'], isPure: true },
  { files: 'edge/identity.ts', may: ['edge/adapters/vehicle-secret.ts', words, codec], mayName: ['edge', 'proto/config'], node: [crypto, 'node:fs'] },
  { files: 'edge/run-agent.ts', may: ['edge', 'edge/adapters', 'edge/imagery', 'edge/policy', 'edge/stages', words, codec], mayName: ['edge/ports', 'proto/config', 'proto/imagery'], node: ['node:fs'] },
  { files: 'edge/main.ts', may: ['edge', 'edge/adapters/self-check.ts', 'edge/self-check', words, 'proto/config'], node: ['node:v8'] },
  { files: 'edge/preview', may: ['edge/preview', 'edge/stages', 'proto/geo'], mayName: ['edge/policy', 'edge/stages', words, codec], isPure: true },
  { files: 'edge/run-preview.ts', may: ['edge', 'edge/adapters', 'edge/policy', 'edge/preview', 'edge/sources', 'edge/stages', words, codec, 'proto/config'], node: [crypto, 'node:fs', 'node:os', 'node:path', 'node:stream'] },
  { files: 'edge/self-check', may: ['edge/self-check'], isPure: true },

  // The mainland cloud: domain.
  { files: 'cloud/catalogue', may: ['cloud/catalogue', words], mayName: ['cloud/rules'], isPure: true },
  { files: 'cloud/catalogue/operator-rows.ts', may: ['cloud/catalogue', 'cloud/rules/field-kinds.table.ts', words, 'yaml', 'zod'], isPure: true },
  { files: 'cloud/classification', may: ['cloud/classification', 'cloud/catalogue', 'cloud/rules', 'cloud/transfer/digest.ts', 'proto/codec/sensor-frames.ts', words], mayName: [codec, 'cloud/ports', 'cloud/transfer'], node: [crypto], isPure: true },
  // Keys are drawn where seals are made; what draws data keys is handed its chance.
  { files: 'cloud/zones', may: ['cloud/zones', words, codec], mayName: ['cloud/ports'], node: [crypto], isPure: true },
  { files: 'cloud/zones/zones-config.ts', may: [words, 'zod'], isPure: true },
  { files: 'cloud/deletion', may: ['cloud/deletion', 'cloud/transfer/civil-days.ts', words], mayName: ['cloud/ports', 'cloud/transfer'], node: [crypto], isPure: true },
  // It copies files as they are, and so knows where they lie.
  { files: 'cloud/backup', may: ['cloud/backup', 'proto/config/make-directory.ts', 'cloud/adapters', 'cloud/log', 'cloud/zones', words], node: [crypto, 'node:fs', 'node:path'] },
  { files: 'cloud/backup/manifest.ts', may: [words, 'zod'], node: [crypto], isPure: true },
  { files: 'cloud/partition', may: ['cloud/partition', 'cloud/catalogue', words], mayName: [codec], node: [crypto], isPure: true },
  // It rechecks what the vehicle says with the words both share, and none of the vehicle's code.
  { files: 'cloud/ingest', may: ['cloud/ingest', 'cloud/catalogue', 'cloud/partition', words, 'proto/geo', codec], mayName: ['cloud/ports', 'cloud/classification', 'proto/imagery'], node: [crypto], isPure: true },
  // What travels over a record log, and what is made of it. Which broker carries it is known elsewhere.
  { files: 'cloud/record-log', may: ['cloud/record-log', 'cloud/ingest', 'cloud/partition', 'cloud/zones', words], mayName: ['cloud/ports', 'cloud/classification'], node: [crypto], isPure: true },
  { files: 'cloud/config/record-log-config.ts', may: ['zod'], isPure: true },
  { files: 'cloud/config/ingress-config.ts', may: ['zod'], isPure: true },
  { files: 'cloud/fences', may: ['cloud/fences', words, 'proto/geo', codec], node: [crypto], isPure: true },
  // Codecs: bytes in, values out. Who connects is known elsewhere.
  // What is signed, what the register has against a release, and what a vehicle is answered.
  { files: 'cloud/updates', may: ['cloud/updates', words, codec], mayName: ['cloud/ports', 'cloud/registers'], node: [crypto], isPure: true },
  { files: 'cloud/config/updates-config.ts', may: ['zod'], isPure: true },
  { files: 'cloud/adapters/update-campaign-files.ts', may: ['cloud/updates/campaign-names.ts', words, codec], mayName: ['cloud/ports'], node: [crypto, 'node:fs', 'node:path'] },
  { files: 'cloud/api/update-routes.ts', may: ['cloud/api', 'cloud/registers', 'cloud/updates/halt-campaign.ts', words, 'zod'], mayName: ['cloud/updates'] },
  { files: 'cloud/terminals', may: ['cloud/terminals', 'cloud/terminals/gb32960', 'cloud/terminals/jt808', words], isPure: true },
  // Sessions of connections: what is bound, refused and kept. Hashes only of `node:crypto`.
  { files: 'cloud/terminals/ingress', may: ['cloud/terminals', 'cloud/terminals/gb32960', 'cloud/terminals/ingress', 'cloud/terminals/jt808', 'proto/codec/sensor-frames.ts', words], mayName: ['cloud/ingest', 'cloud/ports', 'cloud/terminals/keys', codec, 'proto/imagery'], node: [crypto], isPure: true },
  // Keys that units are opened with; the list is read by read-terminal-keys.ts alone.
  { files: 'cloud/terminals/keys', may: ['cloud/terminals', 'cloud/terminals/keys', 'cloud/sealing/sm2.ts', 'cloud/sealing/sm2-key.ts'], mayName: ['cloud/terminals/gb32960'], node: [crypto], isPure: true },
  { files: 'cloud/terminals/keys/read-terminal-keys.ts', may: ['cloud/terminals/keys', words, 'zod'], node: ['node:fs', 'node:path'] },
  { files: 'cloud/terminals/keys/read-signature-keys.ts', may: ['cloud/terminals/keys', words, 'zod'], node: ['node:fs', 'node:path'] },
  { files: 'cloud/terminals/gb32960', may: ['cloud/terminals', 'cloud/terminals/gb32960', words], isPure: true },
  { files: 'cloud/terminals/jt808', may: ['cloud/terminals', 'cloud/terminals/jt808', words], isPure: true },
  { files: 'cloud/counting', may: ['cloud/counting', words], isPure: true },
  { files: 'cloud/datasets', may: ['cloud/datasets', 'proto/config/title-text.ts', 'cloud/catalogue', 'cloud/partition', words, 'zod'], mayName: ['cloud/classification', 'cloud/ports', 'cloud/rules', 'cloud/zones'], node: ['node:buffer', crypto], isPure: true },
  { files: 'cloud/report', may: ['cloud/report', words], mayName: ['cloud/ports', 'cloud/rules', 'cloud/transfer'], isPure: true },
  { files: 'cloud/registers', may: ['cloud/registers/**', 'cloud/rules/field-kinds.table.ts', 'cloud/rules/incident-levels.table.ts', 'cloud/transfer/civil-days.ts', 'cloud/transfer/digest.ts', 'cloud/transfer/facts-entries.ts', 'cloud/transfer/rule.ts', 'cloud/transfer/rule-book.ts', words, 'zod'], mayName: ['cloud/counting', 'cloud/ports', 'cloud/transfer'], isPure: true },
  { files: 'cloud/registers/kinds', may: ['cloud/registers', 'cloud/transfer/facts-entries.ts', 'zod'], isPure: true },
  { files: 'cloud/release', may: ['cloud/release', words], mayName: ['cloud/ports', codec], node: [crypto], isPure: true },
  { files: 'cloud/rules', may: ['cloud/rules', 'cloud/transfer/rule-book.ts', 'cloud/transfer/rule.ts', 'cloud/transfer/digest.ts', words], mayName: ['cloud/classification', 'cloud/registers', 'cloud/transfer'], isPure: true },
  { files: 'cloud/rules/operator-schema.ts', may: ['cloud/rules', 'cloud/classification/item.ts', 'cloud/transfer/facts.ts', 'cloud/transfer/facts-entries.ts', 'cloud/transfer/rule.ts', 'zod'], isPure: true },
  { files: 'cloud/rules/operator-duties.ts', may: ['cloud/rules', 'cloud/registers/kind-titles.table.ts', 'zod'], isPure: true },
  { files: 'cloud/rules/operator-words.ts', may: [words, 'zod'], isPure: true },
  { files: 'cloud/rules/operator-file.ts', may: ['cloud/rules', words, 'yaml'], mayName: ['cloud/transfer', 'zod'], isPure: true },
  { files: 'cloud/rules/deadlines.table.ts', may: [words], mayName: ['cloud/registers'], isPure: true },
  // A verdict reads no store: only the gate and what brings transfers to an end know a port.
  { files: 'cloud/transfer', may: ['cloud/transfer', 'cloud/rules', words], isPure: true },
  { files: 'cloud/transfer/facts.ts', may: ['cloud/transfer', 'cloud/rules', words, 'zod'], isPure: true },
  { files: 'cloud/transfer/facts-entries.ts', may: ['cloud/rules', words, 'zod'], isPure: true },
  { files: 'cloud/transfer/facts-fault.ts', may: ['cloud/transfer', words], mayName: ['zod'], isPure: true },
  { files: 'cloud/transfer/facts-text.ts', may: ['cloud/transfer', words, 'yaml'], isPure: true },
  { files: 'cloud/transfer/asked-transfer.ts', may: [], mayName: ['cloud/ports', 'cloud/transfer', words], isPure: true },
  { files: 'cloud/transfer/digest.ts', may: [words], mayName: ['cloud/transfer'], node: [crypto], isPure: true },
  { files: 'cloud/transfer/assemble-facts.ts', may: ['cloud/classification', 'cloud/transfer/facts-entries.ts', words], mayName: ['cloud/transfer', 'cloud/datasets'], isPure: true },
  { files: 'cloud/transfer/seal-permit.ts', may: [codec], node: [crypto], isPure: true },
  { files: 'cloud/transfer/weigh-case.ts', may: ['cloud/transfer', 'cloud/datasets', words, 'cloud/counting'], mayName: ['cloud/classification', 'cloud/ports'], isPure: true },
  { files: 'cloud/transfer/export-gate.ts', may: ['cloud/transfer', 'cloud/approvals/four-eyes.ts', 'cloud/datasets', words], mayName: ['cloud/classification', 'cloud/ports', 'cloud/registers'], isPure: true },
  // What would be decided: it builds, weighs and throws away, and clears nothing.
  { files: 'cloud/transfer/preview-transfer.ts', may: ['cloud/transfer', 'cloud/datasets/contents.ts', words], isPure: true },
  { files: 'cloud/transfer/plan-transfer.ts', may: ['cloud/transfer', 'cloud/datasets', words], isPure: true },
  { files: 'cloud/transfer/clear-transfer.ts', may: ['cloud/transfer', words], mayName: ['cloud/datasets'], isPure: true },
  { files: 'cloud/transfer/held-case.ts', may: ['cloud/transfer/digest.ts'], mayName: ['cloud/approvals', 'cloud/datasets', 'cloud/ports', 'cloud/transfer'], isPure: true },
  { files: 'cloud/approvals', may: ['cloud/approvals', 'cloud/datasets', 'cloud/transfer', words], mayName: ['cloud/ports', 'cloud/registers'], isPure: true },
  { files: 'cloud/approvals/signed-act.ts', may: [words], node: [crypto], isPure: true },
  { files: 'cloud/access', may: ['cloud/access', 'cloud/registers/kinds/principals.ts', words, 'zod'], mayName: ['cloud/ports'], node: ['node:net'], isPure: true },
  { files: 'cloud/emergency', may: ['cloud/emergency', 'cloud/approvals/four-eyes.ts', 'cloud/report', words], mayName: ['cloud/ports', 'cloud/registers', 'cloud/approvals'], isPure: true },
  { files: 'cloud/transfer/fact-sources.ts', may: [], mayName: ['cloud/transfer', 'cloud/counting', 'cloud/datasets', 'cloud/ports', words], isPure: true },
  { files: 'cloud/transfer/settle-transfers.ts', may: [], mayName: ['cloud/ports'], isPure: true },
  { files: 'cloud/monitoring', may: ['cloud/monitoring', words], mayName: ['cloud/ports'], isPure: true },
  { files: 'cloud/audit', may: ['cloud/audit', 'cloud/transfer', words, codec], node: [crypto], isPure: true },
  // Envelope and retention rows are leaves: the exporter loads them with the capture, and nothing else of the mainland.
  { files: 'cloud/capture', may: ['cloud/capture', 'cloud/rules/retention.table.ts', 'cloud/zones/envelope.ts', words, 'zod'], node: [crypto], isPure: true },

  // Who may log in. Chance is handed in; `node:crypto` is for hashes.
  { files: 'cloud/accounts', may: ['cloud/accounts', words], mayName: ['cloud/ports', 'cloud/registers/kinds'], node: [crypto], isPure: true },

  // The mainland cloud: the world around it.
  { files: 'cloud/ports/file-store.ts', may: [], mayName: ['cloud/datasets'], isPure: true },
  { files: 'cloud/ports', may: [], mayName: ['cloud/accounts', 'cloud/counting', 'cloud/ports', 'cloud/registers', 'cloud/transfer/join-parts.ts', words, codec, 'proto/imagery'], isPure: true },
  // Every store opens its file by open-database.ts; the other three are parts of the broker, kept in files of their own.
  { files: 'cloud/adapters', may: ['proto/config/make-directory.ts', 'cloud/adapters/sql/remembered-ranges.ts', 'cloud/adapters/mqtt-refusals.ts', 'cloud/adapters/mqtt-updates.ts', 'cloud/adapters/device-acts.ts', 'cloud/adapters/durable-files.ts', 'cloud/adapters/open-database.ts', 'cloud/adapters/sqlite-positions.ts', 'cloud/adapters/sqlite-segments.ts', 'cloud/adapters/sqlite-told-spools.ts', 'cloud/adapters/mqtt-server.ts', 'cloud/adapters/mqtt-sessions.ts', 'cloud/adapters/packet-guard.ts', words, codec, 'cloud/counting', 'proto/config/load-sqlite.ts', 'aedes', 'ics', 'cloud/adapters/sqlite-aggregates.ts', 'cloud/adapters/sql', 'cloud/adapters/transfer-tally-schema.ts', 'cloud/adapters/sqlite-terminals.ts', 'cloud/adapters/zone-paths.ts', 'cloud/adapters/program-zone-key.ts', 'cloud/adapters/file-zone-keys.ts', 'cloud/zones'], mayName: ['better-sqlite3', 'cloud/ports', 'cloud/ingest', 'cloud/registers'], node: [crypto, 'node:fs', 'node:path', 'node:tls'] },
  // Stores of either dialect: queries are built once, and run by SQLite's binding or by the thread that speaks to PostgreSQL.
  { files: 'cloud/adapters/sql', may: ['cloud/adapters/sql', 'cloud/counting', words], mayName: ['cloud/ports', 'kysely'], isPure: true },
  { files: 'cloud/adapters/sql/sql-database.ts', may: ['kysely'], isPure: true },
  { files: 'cloud/adapters/sql/sqlite-database.ts', may: ['cloud/adapters/open-database.ts', 'cloud/adapters/sql/sql-database.ts'] },
  { files: 'cloud/adapters/sql/postgres-migrations.ts', may: ['cloud/adapters/sql', words], node: [crypto], isPure: true },
  { files: 'cloud/adapters/sql/copy-tables.ts', may: ['cloud/adapters/sql', words], node: [crypto], isPure: true },
  { files: 'cloud/adapters/sql/postgres-connection.ts', may: ['cloud/adapters/sql', words], node: ['node:worker_threads'] },
  { files: 'cloud/adapters/sql/postgres-client.ts', may: ['cloud/access/cidr.ts', 'cloud/adapters/sql', 'pg'], node: ['node:dns/promises', 'node:net'] },
  { files: 'cloud/adapters/sql/postgres-thread.ts', may: ['cloud/adapters/sql'], mayName: ['pg'], node: ['node:worker_threads'] },
  // It holds the lock of who leads, whatever the process is busy with.
  { files: 'cloud/adapters/sql/lock-thread.ts', may: ['cloud/adapters/sql'], mayName: ['pg'], node: ['node:worker_threads'] },
  { files: 'cloud/adapters/postgres-leadership.ts', may: ['cloud/adapters/lead-lost.ts', 'cloud/adapters/sql'], mayName: ['cloud/ports'], node: ['node:os', 'node:worker_threads'] },
  { files: 'cloud/adapters/lead-lost.ts', may: [words], isPure: true },
  // Brokers of somebody else's. One file loads the client of Kafka, which is optional; the others are given it.
  { files: 'cloud/adapters/external-mqtt.ts', may: [words, codec, 'mqtt'], mayName: ['cloud/adapters', 'cloud/ingest'] },
  { files: 'cloud/adapters/kafka-client.ts', may: [words], node: ['node:module'] },
  { files: 'cloud/adapters/kafka-sender.ts', may: ['cloud/adapters/kafka-client.ts', words], mayName: ['cloud/ports'] },
  { files: 'cloud/adapters/kafka-topics.ts', may: ['cloud/adapters/kafka-client.ts', words] },
  { files: 'cloud/adapters/kafka-reader.ts', may: ['cloud/adapters/kafka-client.ts'], mayName: ['cloud/ports'], node: ['node:timers/promises'] },
  { files: 'cloud/adapters/kafka-state.ts', may: ['cloud/adapters/kafka-client.ts', 'cloud/adapters/kafka-reader.ts'], mayName: ['cloud/ports'], node: ['node:timers/promises'] },
  { files: 'cloud/adapters/kafka-caution.ts', may: ['cloud/adapters/kafka-client.ts', 'cloud/adapters/kafka-reader.ts', words], mayName: ['cloud/ports'] },
  { files: 'cloud/adapters/kafka-group.ts', may: ['cloud/adapters/kafka-caution.ts', 'cloud/adapters/kafka-client.ts', 'cloud/adapters/kafka-reader.ts', 'cloud/adapters/kafka-sender.ts', 'cloud/adapters/kafka-state.ts'], mayName: ['cloud/ports', words], node: ['node:timers/promises'] },
  { files: 'cloud/adapters/kafka-admin.ts', may: [words], mayName: ['cloud/ports'], node: ['node:net', 'node:tls'] },
  { files: 'cloud/adapters/sqlite-leadership.ts', may: ['cloud/adapters/lead-lost.ts', 'cloud/adapters/log-lock.ts'], mayName: ['cloud/ports', words], node: ['node:fs'] },
  { files: 'cloud/consumers.ts', may: [], mayName: ['cloud/ports'], isPure: true },
  { files: 'cloud/list-consumers.ts', may: ['cloud', 'cloud/access', 'cloud/adapters', words], mayName: ['cloud/config', 'proto/config'], node: ['node:fs'] },
  // One library each, for what is no business of ours.
  { files: 'cloud/adapters/built-pages.ts', may: [], mayName: ['cloud/ports'], node: ['node:fs', 'node:path', 'node:url'] },
  { files: 'cloud/adapters/argon2-passwords.ts', may: ['@node-rs/argon2'], mayName: ['cloud/ports'] },
  { files: 'cloud/adapters/otp-codes.ts', may: ['otpauth'], mayName: ['cloud/ports'] },
  { files: 'cloud/adapters/oidc-provider.ts', may: ['openid-client'], mayName: ['cloud/ports'] },
  { files: 'cloud/adapters/prometheus-metrics.ts', may: ['prom-client'], mayName: ['cloud/ports'] },
  { files: 'cloud/adapters/otlp-library.ts', may: [words], mayName: ['@opentelemetry/exporter-metrics-otlp-http', '@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/resources', '@opentelemetry/sdk-metrics', '@opentelemetry/sdk-trace'], node: ['node:module'] },
  { files: 'cloud/adapters/otlp-telemetry.ts', may: ['cloud/telemetry'], mayName: ['cloud/adapters', 'cloud/ports', words, '@opentelemetry/exporter-metrics-otlp-http'], node: ['node:http', 'node:https', 'node:net'] },
  { files: 'cloud/telemetry', may: [], isPure: true },
  { files: 'cloud/config/telemetry-config.ts', may: ['cloud/config/console-config.ts', 'zod'], node: ['node:net'], isPure: true },
  { files: 'cloud/composition/open-telemetry.ts', may: ['cloud/access', 'cloud/adapters', 'cloud/config/console-config.ts', words], mayName: ['cloud/config', 'cloud/ports', 'proto/config'], node: ['node:fs'] },
  // The operator's token or service of keys, by a program of his; without a shell, and ended when it is late.
  { files: 'cloud/adapters/program-zone-key.ts', may: ['cloud/zones/envelope.ts', words, 'zod'], node: ['node:child_process', crypto, 'node:fs'] },
  // What is told apart, and found by what it names, is decided by the domain; the adapter stores and derives.
  { files: 'cloud/adapters/sql/part-store.ts', may: ['cloud/adapters/sql', 'cloud/counting', 'cloud/transfer/join-parts.ts'], mayName: ['cloud/ports'], isPure: true },
  { files: 'cloud/adapters/sql/policy-store.ts', may: ['cloud/adapters/sql', codec, words], mayName: ['cloud/ports'], node: [crypto], isPure: true },
  { files: 'cloud/adapters/sql/register-store.ts', may: ['cloud/adapters/sql', 'cloud/registers/entry-index.ts'], mayName: ['cloud/ports', 'cloud/registers'], isPure: true },
  // What is in a capture and how it is sealed is decided by the domain; these read the files that the exporter wrote.
  { files: 'cloud/adapters/capture-files.ts', may: ['cloud/capture', 'cloud/log/read-at.ts', 'cloud/zones/envelope.ts', words], node: [crypto, 'node:fs', 'node:path'] },
  { files: 'cloud/adapters/sqlite-capture-index.ts', may: ['cloud/adapters/open-database.ts', 'cloud/capture', words], node: ['node:fs', 'node:path'] },
  { files: 'cloud/adapters/terminal-server.ts', may: ['cloud/adapters/mqtt-server.ts', words, codec], mayName: ['cloud/ports', 'cloud/terminals/ingress'], node: ['node:net'] },
  { files: 'cloud/adapters/terminal-datagrams.ts', may: ['cloud/adapters/mqtt-server.ts', 'cloud/adapters/terminal-server.ts', words], mayName: ['cloud/terminals/ingress'], node: ['node:dgram', 'node:net'] },
  // The programs that detect are the vehicle's; what they are asked, and what an answer is, are the cloud's.
  { files: 'cloud/adapters/picture-look.ts', may: ['proto/imagery', words], mayName: ['cloud/ports'] },
  { files: 'cloud/log', may: ['cloud/log', 'proto/config/make-directory.ts', words, codec], node: ['node:buffer', crypto, 'node:fs', 'node:path'] },
  { files: 'cloud/api', may: ['cloud/transfer/plan-transfer.ts', 'cloud/accounts', 'cloud/api', 'cloud/login.ts', 'cloud/approvals', 'cloud/registers', 'cloud/transfer/export-gate.ts', words, 'fastify', 'zod', 'cloud/ports/person-links.ts', 'cloud/transfer/facts.ts', 'cloud/access', 'cloud/emergency', 'cloud/report/markdown.ts', 'cloud/report/period.ts', 'cloud/report/report-facts.ts', 'cloud/ports/report-drafts.ts'], mayName: ['cloud/ports', 'cloud/report'], node: ['node:fs'] },
  // Who may ask for what is a table, and knows nothing of how it is answered.
  { files: 'cloud/api/access.table.ts', may: ['cloud/accounts/role.ts'], mayName: ['cloud/access', 'cloud/registers/kinds'], isPure: true },
  // Ranges and validators of a file on disk are the library's.
  { files: 'cloud/api/send-file.ts', may: ['@fastify/send'], mayName: ['cloud/api', 'fastify'], node: ['node:path'] },
  { files: 'cloud/api/http-api.ts', may: ['cloud/api', 'cloud/accounts', 'cloud/login.ts', '@fastify/cookie', '@fastify/helmet', '@fastify/rate-limit', '@fastify/swagger', 'fastify', words], mayName: ['cloud/ports'] },
  { files: 'cloud/api/bundle-routes.ts', may: ['cloud/access/reading-wish.ts', 'cloud/api', 'cloud/capture/address.ts', 'proto/config/instant-text.ts', words, 'zod'], mayName: ['cloud/ports'] },
  { files: 'cloud/api/capture-routes.ts', may: ['proto/config/instant-text.ts', 'cloud/api', 'cloud/capture/address.ts', words, 'zod'], mayName: ['cloud/capture'] },
  { files: 'cloud/api/count-routes.ts', may: ['cloud/api', 'cloud/counting', 'zod', 'cloud/transfer/pace.ts', 'cloud/transfer/plan-routes.ts', 'cloud/transfer/rule-book.ts', words], mayName: ['cloud/ports'] },
  { files: 'cloud/api/law-routes.ts', may: ['cloud/api', 'cloud/catalogue', 'cloud/registers', 'cloud/rules/law-book.ts', words, 'zod'] },
  { files: 'cloud/api/history-routes.ts', may: ['cloud/api', 'cloud/log', words, 'zod'], mayName: ['cloud/ports'] },
  { files: 'cloud/api/log-routes.ts', may: ['proto/config/instant-text.ts', 'cloud/api', 'cloud/log', words, 'zod'], mayName: ['cloud/ports'] },
  { files: 'cloud/api/transfer-routes.ts', may: ['cloud/api', 'cloud/ports/transfer-register.ts', 'cloud/transfer', words, 'zod'], mayName: ['cloud/ports'] },
  { files: 'cloud/api/monitoring-routes.ts', may: ['cloud/api/page.ts', 'cloud/api/route.ts', 'cloud/monitoring/audit-book.ts', words, 'zod'], mayName: ['cloud/api', 'cloud/monitoring'] },
  { files: 'cloud/api/deletion-routes.ts', may: ['cloud/api/route.ts', 'cloud/deletion', words, 'zod'], mayName: ['cloud/api', 'cloud/ports', 'cloud/transfer'] },
  // open-stores.ts only for the name of the device register's file; what fills the register is handed in.
  { files: 'cloud/cli', may: ['cloud/cli', 'proto/traces', 'yaml', 'cloud/registers', 'cloud/audit', 'cloud/catalogue', 'cloud/fences', 'cloud/log', 'cloud/rules', 'cloud/transfer', 'cloud/config/config.ts', 'cloud/composition/open-stores.ts', words, codec, 'proto/config', 'zod', 'cloud/datasets', 'cloud/report', 'cloud/classification', 'cloud/config/classification-config.ts', 'cloud/backup', 'cloud/partition/recipient-tag.ts', 'cloud/emergency', 'cloud/sealing', 'cloud/capture', 'cloud/inspection/kept-rules.ts', 'cloud/store-names.ts', 'cloud/updates', 'cloud/building/plain-files.ts', 'cloud/import-request.ts'], mayName: ['cloud', 'cloud/accounts', 'cloud/composition', 'cloud/database', 'cloud/inspection', 'cloud/monitoring', 'cloud/ports'], node: [crypto, 'node:fs', 'node:path'] },
  { files: 'cloud/config/config.ts', may: ['proto/config/title-text.ts', 'cloud/config/terminals-config.ts', 'cloud/datasets', 'cloud/config/recheck-config.ts', 'cloud/transfer/facts.ts', 'zod', 'cloud/config/classification-config.ts', 'cloud/zones/zones-config.ts', 'cloud/config/attested-adapter-config.ts', 'cloud/config/monitoring-config.ts', 'cloud/access', 'cloud/config/sealing-config.ts', 'cloud/config/witness-config.ts', 'cloud/config/console-config.ts', 'cloud/config/ingress-config.ts', 'cloud/config/record-log-config.ts', 'cloud/config/telemetry-config.ts', 'cloud/config/updates-config.ts', 'cloud/config/database-config.ts'], isPure: true },
  { files: 'cloud/config/database-config.ts', may: ['cloud/access/cidr.ts', 'zod'], isPure: true },
  { files: 'cloud/database/open-postgres.ts', may: ['cloud/adapters/sql', 'cloud/database', words], mayName: ['cloud/config', 'proto/config'], node: [crypto, 'node:fs', 'node:path'] },
  { files: 'cloud/database/leadership-of.ts', may: ['cloud/adapters', 'cloud/database', 'cloud/lead.ts', 'cloud/store-names.ts'], mayName: ['cloud/ports'], node: ['node:path'] },
  { files: 'cloud/database/leading.ts', may: ['cloud/adapters/lead-lost.ts', 'cloud/adapters/sql', 'cloud/database', words], mayName: ['cloud/ports'], node: [crypto, 'node:os'] },
  { files: 'cloud/database/files-mark.ts', may: ['cloud/adapters/durable-files.ts', words, 'zod'], mayName: ['cloud/adapters/sql', 'cloud/config', 'proto/config'], node: ['node:fs', 'node:path'] },
  { files: 'cloud/database/look-at-database.ts', may: ['cloud/adapters/sql', 'cloud/database', words] },
  { files: 'cloud/database/adopt-files.ts', may: ['cloud', 'cloud/adapters/sql', 'cloud/composition', 'cloud/database', 'cloud/log', words], mayName: ['cloud/config', 'proto/config'], node: ['node:fs'] },
  { files: 'cloud/store-fault.ts', may: [words], isPure: true },
  { files: 'cloud/database/database-fault.ts', may: [words], isPure: true },
  { files: 'cloud/database/retired-stores.ts', may: ['cloud/adapters/durable-files.ts', words, 'zod'], node: ['node:fs', 'node:path'] },
  { files: 'cloud/database/move-stores.ts', may: ['cloud', 'cloud/adapters', 'cloud/adapters/sql', 'cloud/composition', 'cloud/database', 'cloud/log', words], mayName: ['cloud/config', 'proto/config'], node: [crypto, 'node:fs', 'node:path'] },
  { files: 'cloud/find-register-entry.ts', may: ['cloud/adapters', 'cloud/database/open-postgres.ts', 'cloud/store-names.ts'], mayName: ['cloud/registers', words], node: ['node:fs', 'node:path'] },
  { files: 'cloud/database/store-openers.ts', may: ['cloud/adapters'], mayName: ['cloud/adapters/sql'] },
  { files: 'cloud/database/export-stores.ts', may: ['cloud/adapters', 'cloud/adapters/sql', 'cloud/database', words], node: ['node:path'] },
  { files: 'cloud/database/check-move.ts', may: ['cloud/adapters/sql', 'cloud/database', words], node: ['node:fs', 'node:path'] },
  { files: 'cloud/cli/signed-ask.ts', may: ['cloud/approvals/signed-act.ts', 'cloud/transfer/digest.ts', words], mayName: ['cloud/cli'], node: [crypto] },
  { files: 'cloud/cli/register-terminal.command.ts', may: ['cloud/cli', 'cloud/config/config.ts', 'cloud/composition/open-stores.ts', 'cloud/partition/recipient-tag.ts', 'cloud/terminals/ingress/binding.ts', words, 'proto/config', 'zod', 'cloud/store-names.ts'], mayName: ['cloud/ports'], node: ['node:fs', 'node:net', 'node:path'] },
  // store-names.ts for the name of the device register's file; what fills the register is handed in.
  { files: 'cloud/cli/terminal.command.ts', may: ['cloud/cli', 'cloud/terminals/**', words, 'zod'], mayName: ['cloud/transfer'] },
  { files: 'cloud/config/terminals-config.ts', may: ['cloud/access/cidr.ts', 'cloud/forwarding/forwarding-config.ts', 'zod'], isPure: true },
  // The role of a platform. Who may be sent to is decided here, and held against the connection by the adapter.
  { files: 'cloud/forwarding', may: ['cloud/forwarding', 'cloud/access/cidr.ts', 'cloud/terminals/gb32960', words], mayName: ['cloud/ports'], isPure: true },
  { files: 'cloud/forwarding/forwarding-config.ts', may: ['cloud/access/cidr.ts', 'zod'], isPure: true },
  { files: 'cloud/adapters/forward-connection.ts', may: [], node: ['node:net', 'node:tls'] },
  { files: 'cloud/composition/open-forwarding.ts', may: ['cloud/adapters', 'cloud/forwarding', words], mayName: ['cloud/config', 'cloud/ingest', 'cloud/ports', 'proto/config'], node: ['node:dns/promises', 'node:fs', 'node:path'] },
  { files: 'cloud/config/console-config.ts', may: ['cloud/access', 'cloud/accounts/role.ts', 'zod'], node: ['node:net'], isPure: true },
  // What commands read from files, at the door for people.
  { files: 'cloud/composition/http-routes.ts', may: ['cloud/adapters', 'cloud/api', 'cloud/backup/list-backups.ts', 'cloud/capture/capture-fault.ts', 'cloud/catalogue', 'cloud/classification', 'cloud/cli/classify-lines.ts', 'cloud/composition', 'cloud/config', 'cloud/log/read-log.ts', 'cloud/registers', words], mayName: ['cloud/log', 'cloud/ports', 'cloud/transfer', 'proto/config'], node: [crypto, 'node:fs', 'node:path'] },
  { files: 'cloud/config/recheck-config.ts', may: ['cloud/ingest/recheck-age.ts', 'proto/config/detector-fields.ts', 'zod'], isPure: true },
  { files: 'cloud/config/sealing-config.ts', may: ['zod'], isPure: true },
  { files: 'cloud/config/witness-config.ts', may: ['zod'], isPure: true },
  // What two shapes of aggregates have in common is decided by the domain; the store only keeps them apart.
  { files: 'cloud/adapters/sql/publication-store.ts', may: ['cloud/adapters/sql', 'cloud/datasets/ground.ts'], mayName: ['cloud/ports'], isPure: true },
  { files: 'cloud/adapters/parquet-tables.ts', may: [words, 'hyparquet', 'hyparquet-writer'], mayName: ['cloud/ports'] },
  // They tell of alerts, to one address each.
  { files: 'cloud/adapters/alert-queue.ts', may: [], mayName: ['cloud/ports'] },
  { files: 'cloud/adapters/alert-webhook.ts', may: ['cloud/adapters/alert-queue.ts', words], mayName: ['cloud/ports'], node: [crypto, 'node:https'] },
  { files: 'cloud/adapters/witness-client.ts', may: [], mayName: ['cloud/log'], node: ['node:https'] },
  { files: 'cloud/adapters/witness-server.ts', may: ['cloud/log', words], node: ['node:http', 'node:https', 'node:net'] },
  { files: 'cloud/adapters/alert-syslog.ts', may: ['cloud/adapters/alert-queue.ts', words], mayName: ['cloud/ports'], node: ['node:dgram', 'node:net', 'node:tls'] },
  { files: 'cloud/adapters/open-archive.ts', may: ['tar-stream', 'yauzl'], mayName: ['cloud/ports'], node: ['node:stream', 'node:zlib'] },
  { files: 'cloud/adapters/zip-bundle.ts', may: ['jszip'], node: [crypto, 'node:fs', 'node:path', 'node:stream', 'node:stream/promises'] },
  { files: 'cloud/adapters/docx-report.ts', may: ['cloud/report', 'docx'] },
  { files: 'cloud/config/attested-adapter-config.ts', may: ['proto/config/instant-text.ts', words, 'zod'], isPure: true },
  { files: 'cloud/attested-adapters.ts', may: [], mayName: ['cloud', 'cloud/config', 'cloud/ingest'], isPure: true },
  { files: 'cloud/config/monitoring-config.ts', may: ['cloud/monitoring/rules.table.ts', 'zod'], isPure: true },
  { files: 'cloud/composition/receipts.ts', may: ['cloud/audit'], mayName: ['cloud/config', 'cloud/ports', 'cloud/transfer', 'proto/config'], node: [crypto, 'node:fs'] },
  { files: 'cloud/composition/open-monitoring.ts', may: ['cloud', 'cloud/adapters', 'cloud/api', 'cloud/audit', 'cloud/composition', 'cloud/log', 'cloud/monitoring', words], mayName: ['cloud/config', 'cloud/ports', 'proto/config'], node: [crypto, 'node:fs', 'node:os'] },
  { files: 'cloud/login.ts', may: ['cloud/audit/operation-fields.ts'], mayName: ['cloud/ports'], node: ['node:async_hooks', 'node:net'] },
  { files: 'cloud/composition/open-logs.ts', may: ['proto/config/make-directory.ts', 'cloud', 'cloud/adapters', 'cloud/log', words], mayName: ['cloud/config'], node: [crypto, 'node:fs', 'node:os', 'node:path'] },
  // Leaves go into a bundle as bytes, so that whoever has it can hash them.
  { files: 'cloud/inspection/gather-inspection.ts', may: ['cloud/inspection/copy-captures.ts', 'cloud/log', 'cloud/registers', 'cloud/report', words, codec], mayName: ['cloud/capture', 'cloud/ports'], node: [crypto, 'node:fs', 'node:path'] },
  { files: 'cloud/composition/open-access.ts', may: ['cloud/access', 'cloud/find-register-entry.ts', words], mayName: ['cloud', 'cloud/config', 'cloud/ports', 'cloud/registers', 'cloud/registers/kinds', 'proto/config'] },
  // A command that reads asks, and enters it itself where no cloud runs.
  { files: 'cloud/ask-to-read.ts', may: ['cloud', 'cloud/access', 'cloud/composition', 'cloud/log', words], mayName: ['cloud/config', 'cloud/registers/kinds', 'proto/config'] },
  { files: 'cloud/held-by-registers.ts', may: [], isPure: true },
  { files: 'cloud/rotate-on-record.ts', may: ['cloud', 'cloud/composition', 'cloud/log', words], mayName: ['cloud/config', 'proto/config'] },
  { files: 'cloud/composition/open-record-log.ts', may: ['cloud/adapters', 'cloud/record-log', words], mayName: ['cloud/config', 'cloud/ingest', 'cloud/ports', 'proto/config'], node: [crypto, 'node:fs', 'node:path'] },
  { files: 'cloud/composition/open-log-ingest.ts', may: ['cloud', 'cloud/composition', 'cloud/ingest', words], mayName: ['cloud/config', 'cloud/record-log', 'proto/config'] },
  { files: 'cloud/gateway.ts', may: ['cloud/ingest', 'cloud/store-fault.ts', words], mayName: ['cloud/ports', codec] },
  { files: 'cloud/config/classification-config.ts', may: ['cloud/classification', 'zod'], isPure: true },
  { files: 'cloud/status.ts', may: [], mayName: ['cloud', 'cloud/adapters', 'cloud/composition', 'cloud/ingest', 'cloud/ports', words], isPure: true },
  { files: 'cloud/composition/console-origins.ts', may: ['cloud/config'], isPure: true },
  { files: 'cloud/composition/open-captures.ts', may: ['cloud/adapters', 'cloud/capture', words], mayName: ['cloud/ports'], node: [crypto, 'node:fs', 'node:path'] },
  { files: 'cloud/policy-distribution.ts', may: [words, codec], node: [crypto], isPure: true },
  { files: 'cloud/composition/open-terminal-pictures.ts', may: ['cloud/terminals/ingress', codec, 'proto/imagery'], mayName: ['cloud/config', 'proto/config'] },
  { files: 'cloud/job-thread.ts', may: [words], mayName: ['cloud/ports'], node: ['node:worker_threads'] },
  { files: 'cloud/reporting', may: ['cloud/adapters', 'cloud/gather-report.ts', 'cloud/job-thread.ts', 'cloud/report', 'cloud/reporting', words], mayName: ['cloud/config', 'cloud/ports', 'proto/config'], node: [crypto, 'node:path'] },
  { files: 'cloud/building', may: ['cloud/adapters', 'cloud/building', 'cloud/job-thread.ts', 'cloud/catalogue', 'cloud/classification', 'cloud/composition', 'cloud/config', 'cloud/counting', 'cloud/datasets', 'cloud/partition', 'cloud/sealing', 'cloud/store-names.ts', 'cloud/transfer', 'cloud/zones', words], mayName: ['cloud/ports'], node: [crypto, 'node:fs', 'node:path', 'node:worker_threads'] },
  { files: 'cloud/composition', may: ['cloud/access', 'cloud/accounts', 'cloud/adapters', 'cloud/api', 'cloud/approvals', 'cloud/attested-adapters.ts', 'cloud/building', 'cloud/catalogue', 'cloud/classification', 'cloud/composition', 'cloud/config', 'cloud/counting', 'cloud/database', 'cloud/datasets', 'cloud/deletion', 'cloud/emergency', 'cloud/filed-for.ts', 'cloud/gateway.ts', 'cloud/held-by-registers.ts', 'cloud/import-request.ts', 'cloud/ingest', 'cloud/join-transfers.ts', 'cloud/log', 'cloud/partition', 'cloud/policy-distribution.ts', 'cloud/raise-alert.ts', 'cloud/register-watch.ts', 'cloud/registers', 'cloud/registers-as-logged.ts', 'cloud/release', 'cloud/rules', 'cloud/sealing', 'cloud/store-fault.ts', 'cloud/store-names.ts', 'cloud/terminals/ingress', 'cloud/terminals/jt808', 'cloud/terminals/keys', 'cloud/transfer', 'cloud/updates', 'cloud/zones', words], mayName: ['cloud/ports', 'cloud/status.ts', 'proto/config'], node: [crypto, 'node:fs', 'node:os', 'node:path'] },
  { files: 'cloud/inspection', may: ['cloud/adapters', 'cloud/capture', 'cloud/composition', 'cloud/datasets', 'cloud/inspection', 'cloud/job-thread.ts', 'cloud/log', 'cloud/rules', words], mayName: ['cloud/config', 'cloud/ports', 'cloud/registers/kinds', 'cloud/report', 'cloud/transfer', 'proto/config'], node: [crypto, 'node:fs', 'node:path'] },
  { files: 'cloud', may: ['cloud', 'cloud/adapters', 'cloud/building', 'cloud/classification', 'cloud/composition', 'cloud/config', 'cloud/database', 'cloud/datasets', 'cloud/ingest', 'cloud/inspection', 'cloud/log', 'cloud/monitoring', 'cloud/registers', 'cloud/report', 'cloud/reporting', 'cloud/transfer', 'cloud/zones', 'proto/config', words], mayName: ['cloud/ports'], node: [crypto, 'node:fs', 'node:os', 'node:path', 'node:worker_threads'] },

  // Sealing speaks of bytes and keys only, so that who seals and who checks and opens share one text of the format.
  { files: 'cloud/sealing', may: ['cloud/sealing', 'proto/config/make-directory.ts', words, 'jose', 'sm-crypto-v2', 'zod'], mayName: ['cloud/ports'], node: [crypto, 'node:fs/promises', 'node:path'] },

  // The border: a tier of its own.
  { files: 'cloud/exporter', may: ['cloud/exporter', 'cloud/exporter/pull', 'cloud/log', 'cloud/sealing', words, codec, 'proto/config/role.ts', 'undici', 'yaml', 'zod', 'cloud/exporter/capture'], mayName: ['cloud/capture'], node: [crypto, 'node:fs', 'node:fs/promises', 'node:net', 'node:path', 'node:stream', 'node:tls', 'node:util'] },
  { files: 'cloud/exporter/pull', may: ['cloud/exporter/pull', 'cloud/exporter', 'cloud/capture/address.ts', words], mayName: ['cloud/exporter/capture'], node: [crypto, 'node:http', 'node:https', 'node:net', 'node:stream', 'node:stream/promises', 'node:tls'] },
  { files: 'cloud/exporter/capture', may: ['cloud/exporter/capture', 'cloud/exporter', 'cloud/capture', 'cloud/log', words], node: [crypto, 'node:fs', 'node:fs/promises', 'node:path', 'node:stream'] },
  { files: 'cloud/exporter/receiver', may: ['cloud/exporter/receiver', 'cloud/exporter', words, codec, 'proto/config/role.ts', 'fastify', 'zod'], node: [crypto, 'node:fs', 'node:fs/promises', 'node:path', 'node:stream/promises'] },

  // The simulated fleet. It writes what any TCU would, so it needs no codec.
  { files: 'firmware-sim', may: ['firmware-sim', 'firmware-sim/roads', words, 'proto/traces', 'proto/config', 'commander', 'csv-parse', 'zod'], node: ['node:fs', 'node:net', 'node:path', 'node:stream', 'node:stream/promises', 'node:timers/promises', 'node:zlib'] },
  { files: 'firmware-sim/prng.ts', may: [words], isPure: true },
  { files: 'firmware-sim/roads', may: ['firmware-sim', 'firmware-sim/roads', words], isPure: true },
  { files: 'firmware-sim/trips', may: ['firmware-sim', 'firmware-sim/trips', words, 'proto/config'] },
  { files: 'firmware-sim/tcu', may: ['firmware-sim', 'firmware-sim/roads', 'firmware-sim/tcu', words] },
  { files: 'firmware-sim/scenarios', may: ['firmware-sim/scenarios', words], isPure: true },
  // Terminals speak in words; the codec is handed in, so that the fleet and the cloud still know nothing of each other.
  { files: 'firmware-sim/terminals', may: ['firmware-sim/**', words, 'proto/config', 'commander'], node: ['node:fs', 'node:net', 'node:path', 'node:timers/promises'] },

  // The console, in browsers: it knows the words of the contract and the API, and nothing of who answers. What a page computes stands in
  // models/, without a page.
  { files: 'console', may: ['console', 'console/api', 'console/pages', 'console/style', 'console/words', 'vue', 'vue-router'] },
  { files: 'console/api', may: ['console/api', words, 'vue'] },
  // Titles are said in the language of the page.
  { files: 'console/api/titles.ts', may: ['console/api', 'console/words', words, 'vue'] },
  { files: 'console/api/answers.ts', may: [], mayName: [words], isPure: true },
  { files: 'console/api/verdict.ts', may: [], mayName: [words, 'console/api'], isPure: true },
  { files: 'console/api/registers.ts', may: [], mayName: [words, 'console/models/entry-form.ts'], isPure: true },
  { files: 'console/api/accounts.ts', may: [], mayName: ['console/api'], isPure: true },
  { files: 'console/api/audits.ts', may: [], isPure: true },
  { files: 'console/api/log-entries.ts', may: [], isPure: true },
  { files: 'console/api/references.ts', may: ['console/api', 'console/models', words, 'vue'] },
  { files: 'console/models', may: ['console/models'], mayName: ['console/api'], isPure: true },
  // It waits for the browser's own SHA-256 and Ed25519.
  { files: 'console/models/verify-inclusion.ts', may: [], mayName: ['console/api'] },
  { files: 'console/models/file-hash.ts', may: [] },
  // UTF-8 and base64 are the browser's own.
  { files: 'console/models/read-permit.ts', may: [] },
  { files: 'console/words', may: ['console/words'], mayName: ['console/api'], isPure: true },
  { files: 'console/words/language.ts', may: ['console/words', 'vue'], mayName: [words] },
  { files: 'console/parts', may: ['console/api', 'console/models', 'console/parts', 'console/session.ts', 'console/words', words, 'element-plus', 'vue'] },
  // The only part that leads to other pages by itself.
  { files: 'console/parts/crumbs.tsx', may: ['console/words', 'vue', 'vue-router'] },
  { files: 'console/parts/body-facts.tsx', may: ['console/api', 'console/parts', 'console/words', 'vue', 'vue-router'] },
  { files: 'console/parts/alert-panel.tsx', may: ['console/api', 'console/models', 'console/parts', 'console/session.ts', 'console/words', words, 'vue', 'vue-router'] },
  { files: 'console/parts/qr-code.tsx', may: ['console/models', 'lean-qr', 'vue'] },
  { files: 'console/parts/sankey.tsx', may: ['console/api', 'console/models', 'console/parts', 'console/words', 'echarts', 'vue'] },
  { files: 'console/pages', may: ['console/api', 'console/models', 'console/pages', 'console/parts', 'console/session.ts', 'console/words', 'vue', 'vue-router'], mayName: [words] },

  // The command. Only it puts tiers together.
  { files: 'bin/progress-bar.ts', may: ['bin/interruption.ts', 'cli-progress'], mayName: ['cloud/ports'] },
  // What a command had begun is cleared away where a signal ends it.
  { files: 'bin/interruption.ts', may: [], node: ['node:fs', 'node:os', 'node:path'] },
  { files: 'bin', may: ['bin/**', words, 'proto/config', 'commander'], node: [crypto, 'node:fs'] },
  { files: 'bin/exporter-only.ts', may: ['bin/commands', words, 'proto/config', 'commander'], node: ['node:url'] },
  // zod only turns a schema into the JSON Schema that `config schema` prints.
  { files: 'bin/commands', may: ['bin/**', 'cloud/**', 'edge/**', 'firmware-sim/**', 'proto/**', 'commander', 'zod'], node: ['node:child_process', crypto, 'node:dns/promises', 'node:events', 'node:fs', 'node:fs/promises', 'node:path', 'node:readline', 'node:timers/promises', 'node:zlib'] },
  // It looks at machine, files and configurations, and starts nothing.
  { files: 'bin/doctor', may: ['bin/doctor', 'cloud/access/cidr.ts', 'cloud/composition/check-operator-files.ts', 'cloud/config/config.ts', 'cloud/list-consumers.ts', 'cloud/database/look-at-database.ts', 'cloud/exporter/config.ts', 'cloud/exporter/receiver/config.ts', 'cloud/log/checkpoint.ts', 'edge/config.ts', words, 'proto/config'], node: ['node:child_process', crypto, 'node:fs', 'node:module', 'node:net', 'node:os', 'node:path'] },
  { files: 'bin/help', may: ['bin/help', 'cloud/registers/kind-titles.table.ts'], mayName: ['bin/commands', 'commander'], isPure: true },
  // Plays the tiers together in one process, in virtual time.
  { files: 'bin/fleet', may: ['bin/fleet', 'bin/scenarios', 'firmware-sim', words, codec, 'proto/config', 'mqtt'], node: ['node:fs'] },
  { files: 'bin/scenarios', may: ['bin/scenarios/**', 'bin/up', 'cloud/**', 'edge/**', 'firmware-sim/**', 'proto/**'], node: [crypto, 'node:fs', 'node:os', 'node:path'] },
  { files: 'bin/scenarios/acts', may: ['bin/scenarios/**', 'bin/up', 'cloud/**', 'edge/**', 'firmware-sim/**', 'proto/**'], node: [crypto, 'node:path'] },
  { files: 'bin/up', may: ['bin/**', 'cloud/**', 'edge/**', 'firmware-sim/**', 'proto/**', '@peculiar/x509', 'reflect-metadata', 'yaml'], node: ['node:child_process', crypto, 'node:fs', 'node:http', 'node:net', 'node:os', 'node:path', 'node:timers/promises', 'node:url'] },
];

/** Packages that several files of one tier may import, and why; every other has one importing file a tier. */
export const SHARED_PACKAGES: Readonly<Record<string, string>> = {
  yaml: 'facts, entries of registers and configurations are read where each is checked',
  fastify: 'two doors to the same routes: a socket for commands, a listener for people',
  zod: 'each file that takes values from outside parses them where it takes them',
  commander: 'one file a verb of the command line',
  vue: 'every part of a page is made of it',
  'vue-router': 'pages lead to each other',
  'element-plus': 'each part takes the control it shows, so that a page loads no other',
  mqtt: 'the way to the cloud and the broker on the vehicle are two connections with nothing in common',
};

/** Files that read the environment or the clock of the machine; everybody else is given both. */
export const ROOTS: readonly string[] = [
  'bin/role-process.ts',
  'bin/up/child.ts',
  'cloud/exporter/start.ts',
  'cloud/exporter/receiver/start.ts',
  // How long is left is told by whoever looks.
  'console/parts/clock.ts',
];

/** Files outside bin/ that touch the process at all, and for what. */
export const PROCESS_USERS: Readonly<Record<string, string>> = {
  'cloud/exporter/start.ts': 'a process of its own, with rights of its own',
  'cloud/exporter/receiver/start.ts': 'a process of its own, at the recipient',
  'cloud/exporter/process-args.ts': 'signals; the process is handed in by the two starts',
  'cloud/api/local-api.ts': 'umask while the socket is made, so that nobody else can connect',
  'edge/sources/unix-socket.ts': 'umask while the socket is made, so that nobody else can connect',
  'proto/config/load-sqlite.ts': 'which Node this is decides which binding runs',
};

/** Packages that no file imports, and the file that loads them when it runs. */
export const LOADED_BY_NAME: Readonly<Record<string, string>> = {
  'better-sqlite3': 'proto/config/load-sqlite.ts',
  'better-sqlite3-node22': 'proto/config/load-sqlite.ts',
  '@techstark/opencv-js': 'proto/imagery/opencv-cascade.ts',
  '@opentelemetry/exporter-metrics-otlp-http': 'cloud/adapters/otlp-library.ts',
  '@opentelemetry/exporter-trace-otlp-http': 'cloud/adapters/otlp-library.ts',
  '@opentelemetry/resources': 'cloud/adapters/otlp-library.ts',
  '@opentelemetry/sdk-metrics': 'cloud/adapters/otlp-library.ts',
  '@opentelemetry/sdk-trace': 'cloud/adapters/otlp-library.ts',
  'node-rdkafka': 'cloud/adapters/kafka-client.ts',
  'onnxruntime-node': 'proto/imagery/onnx-model.ts',
};

/** Files that draw chance, and what for. Everybody else is given it; firmware-sim/prng.ts computes its own from a seed. */
export const CHANCE: Readonly<Record<string, string>> = {
  'bin/role-process.ts': 'what is handed to the roles',
  'bin/commands/register-terminal.ts': 'names of terminals, which tell nothing of their vehicles',
  'bin/scenarios/vehicle.ts': 'the key of a vehicle that lives as long as its scenario',
  'bin/scenarios/light-vehicle.ts': 'the same',
  'bin/scenarios/acts/liar.ts': 'a key that is not the one of the vehicle',
  'bin/up/authority.ts': 'keys and serial numbers of throw-away certificates',
  'bin/up/provision.ts': 'throw-away keys and secrets',
  'cloud/adapters/file-zone-keys.ts': 'key pairs of the zones, once, and of backups',
  'cloud/adapters/program-zone-key.ts': 'a pair that lives for one question, to see whose key a program holds',
  'cloud/main.ts': 'handed on as `draw`, for transfer ids',
  'cloud/database/leading.ts': 'marks of files',
  'cloud/database/move-stores.ts': 'names of moves',
  'cloud/adapters/sqlite-cell-counts.ts': 'a key that lives and dies with one process and may be known to nobody',
  'cloud/adapters/sqlite-forward-queue.ts': 'the nonce of one sealed frame',
  'cloud/zones/envelope.ts': 'the pair of one seal, which nobody else may know',
  'cloud/building/build-job.ts': 'the content key of one sealed parcel',
  'cloud/exporter/capture/segment-writer.ts':
    'a key that seals one segment and may be known to nobody but who reads it',
  'cloud/exporter/start.ts': 'handed on as `chance`, for pauses',
  'cloud/exporter/piece-marks.ts': 'a key that lives and dies with one attempt and may be known to nobody',
  'edge/run-preview.ts': 'a secret for one preview, which nobody else may know',
  'edge/adapters/sqlite-state.ts': 'the epoch of a new spool: it has to be drawn where the file is made',
};
