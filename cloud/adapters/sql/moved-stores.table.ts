/** A table that a store has in a file and in a database alike. */
export interface MovedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Columns that order its rows, and by which no two are the same. */
  readonly key: readonly string[];
  /** It begins with a row that says nothing yet. */
  readonly isSeeded?: true;
}

/** A store whose file can be moved into a database. */
export interface MovedStore {
  readonly store: 'transfers' | 'registers' | 'parts' | 'publications' | 'ledger' | 'policies';
  /** Within `stores.directory`. */
  readonly file: string;
  readonly tables: readonly MovedTable[];
}

/** In the order in which they are moved. */
// biome-ignore format: one table a row
export const MOVED_STORES: readonly MovedStore[] = [
  { store: 'transfers', file: 'transfers.sqlite', tables: [
    { name: 'transfer', columns: ['transfer_id', 'requested_at', 'dataset_id', 'recipient_id', 'purpose', 'state', 'persons'], key: ['transfer_id'] },
    { name: 'person', columns: ['number', 'digest'], key: ['number'] },
    { name: 'persons', columns: ['first', 'digests'], key: ['first'] },
    { name: 'holding', columns: ['transfer_id', 'kind', 'year', 'route', 'exempt', 'persons'], key: ['transfer_id', 'kind'] },
    { name: 'volume', columns: ['transfer_id', 'bytes'], key: ['transfer_id'] },
    { name: 'held', columns: ['transfer_id', 'document', 'persons'], key: ['transfer_id'] },
    { name: 'approval', columns: ['transfer_id', 'log_index', 'account', 'person', 'at'], key: ['transfer_id', 'log_index'] },
    { name: 'revision', columns: ['id', 'counts', 'moves'], key: ['id'], isSeeded: true },
    // Last: triggers keep it along while transfers come in, and what they made of it gives way to what stood in the file.
    { name: 'tally', columns: ['dataset_id', 'recipient_id', 'state', 'transfers'], key: ['dataset_id', 'recipient_id', 'state'] },
  ] },
  { store: 'registers', file: 'registers.sqlite', tables: [
    { name: 'entry', columns: ['kind', 'id', 'version', 'document'], key: ['kind', 'id'] },
    { name: 'change', columns: ['kind', 'id', 'log_index'], key: ['kind', 'id', 'log_index'] },
    { name: 'applied', columns: ['only', 'log_index'], key: ['only'] },
  ] },
  { store: 'parts', file: 'parts.sqlite', tables: [
    { name: 'part', columns: ['transfer_id', 'year', 'document', 'sensitive', 'persons'], key: ['transfer_id'] },
  ] },
  { store: 'publications', file: 'publications.sqlite', tables: [
    { name: 'family', columns: ['shape', 'signal', 'first_day', 'last_day', 'models', 'models_digest', 'cells', 'transfer_id'], key: ['signal', 'first_day', 'shape'] },
  ] },
  { store: 'ledger', file: 'ledger.sqlite', tables: [
    { name: 'extents', columns: ['device', 'epoch', 'ranges'], key: ['device', 'epoch'] },
    { name: 'dropped', columns: ['device', 'epoch', 'ranges'], key: ['device', 'epoch'] },
    { name: 'totals', columns: ['id', 'admitted', 'duplicates', 'quarantined', 'dropped'], key: ['id'], isSeeded: true },
    { name: 'provenance', columns: ['id', 'policy_id', 'policy_version', 'steps'], key: ['id'] },
    { name: 'batch', columns: ['device', 'epoch', 'first_sequence', 'count', 'received_at', 'provenance', 'removals'], key: ['device', 'epoch', 'first_sequence'] },
    { name: 'removed', columns: ['cause', 'count'], key: ['cause'] },
    { name: 'position', columns: ['topic', 'partition', 'next'], key: ['topic', 'partition'] },
    { name: 'told_spool', columns: ['device', 'file', 'sealed_before', 'eighths', 'offline_class', 'received_at'], key: ['device'] },
    { name: 'item_slot', columns: ['slot', 'item', 'tested', 'whole'], key: ['slot'] },
    { name: 'vehicle', columns: ['device', 'item0', 'item1', 'item2', 'item3', 'distance', 'duration', 'flags'], key: ['device'] },
    { name: 'vehicle_year', columns: ['device', 'year', 'slots'], key: ['device', 'year'] },
    { name: 'vehicle_days', columns: ['device', 'chunk', 'seen', 'running', 'exterior'], key: ['device', 'chunk'] },
    { name: 'flow', columns: ['area', 'day', 'item0', 'item1', 'item2', 'item3'], key: ['area', 'day'] },
    { name: 'item_count', columns: ['slot', 'pictures', 'clips', 'uninspected', 'face_px', 'plate_px'], key: ['slot'] },
    { name: 'aggregate_totals', columns: ['id', 'exterior_days', 'classes', 'kinds'], key: ['id'] },
  ] },
  { store: 'policies', file: 'policies.sqlite', tables: [
    { name: 'bundle', columns: ['digest', 'id', 'version', 'kept_at', 'signed'], key: ['digest'] },
  ] },
];
