package reference

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Load writes the reference data into the database, as an administrator. It may be run again:
// names are brought up to date, codes that have left the file are retired, none is removed.
func Load(ctx context.Context, conn *pgx.Conn) error {
	batch := &pgx.Batch{}
	batch.Queue(`UPDATE app.reference_item SET retired_at = now() WHERE retired_at IS NULL`)
	for kind, part := range parse[map[string]json.RawMessage]() {
		var rows []json.RawMessage
		if json.Unmarshal(part, &rows) != nil {
			continue // a note about the data, not a list
		}
		for i, row := range rows {
			var it Item
			if err := json.Unmarshal(row, &it); err != nil || it.Code == "" {
				return fmt.Errorf("reference.json: %s[%d] has no code", kind, i)
			}
			batch.Queue(`
				INSERT INTO app.reference_item (kind, code, da, en, position, data, version)
				VALUES ($1, $2, $3, $4, $5, $6, $7)
				ON CONFLICT (kind, code) DO UPDATE
				SET da = excluded.da, en = excluded.en, position = excluded.position, data = excluded.data,
				    version = excluded.version, loaded_at = now(), retired_at = NULL`,
				kind, it.Code, it.DA, it.EN, i, string(row), Version())
		}
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		return tx.SendBatch(ctx, batch).Close()
	})
}
