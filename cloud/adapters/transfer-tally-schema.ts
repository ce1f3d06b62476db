/**
 * How many transfers stand where, kept along in the commit that moves them: pages ask for it every few seconds, and a scan
 * takes longer with each transfer there ever was. A file from before it had tallies is counted once, when it is opened.
 */
export const TALLY_SCHEMA = `
  CREATE TABLE IF NOT EXISTS tally (
    dataset_id TEXT NOT NULL, recipient_id TEXT NOT NULL, state TEXT NOT NULL, transfers INTEGER NOT NULL,
    PRIMARY KEY (dataset_id, recipient_id, state)) WITHOUT ROWID;
  INSERT INTO tally SELECT dataset_id, recipient_id, state, count(*) FROM transfer
    WHERE NOT EXISTS (SELECT 1 FROM tally) GROUP BY dataset_id, recipient_id, state;
  CREATE TRIGGER IF NOT EXISTS tally_of_new AFTER INSERT ON transfer BEGIN
    INSERT INTO tally VALUES (NEW.dataset_id, NEW.recipient_id, NEW.state, 1)
      ON CONFLICT DO UPDATE SET transfers = transfers + 1;
  END;
  CREATE TRIGGER IF NOT EXISTS tally_of_moved AFTER UPDATE OF dataset_id, recipient_id, state ON transfer BEGIN
    UPDATE tally SET transfers = transfers - 1
      WHERE dataset_id = OLD.dataset_id AND recipient_id = OLD.recipient_id AND state = OLD.state;
    INSERT INTO tally VALUES (NEW.dataset_id, NEW.recipient_id, NEW.state, 1)
      ON CONFLICT DO UPDATE SET transfers = transfers + 1;
  END;
  CREATE TRIGGER IF NOT EXISTS tally_of_removed AFTER DELETE ON transfer BEGIN
    UPDATE tally SET transfers = transfers - 1
      WHERE dataset_id = OLD.dataset_id AND recipient_id = OLD.recipient_id AND state = OLD.state;
  END;
`;
