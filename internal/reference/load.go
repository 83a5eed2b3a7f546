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
	for _, t := range Templates("") { // a new version only where it says something else than the last one
		content, err := json.Marshal(t)
		if err != nil {
			return err
		}
		batch.Queue(`
			INSERT INTO app.plan_template_version (code, no, label, content)
			SELECT $1, n.no, CASE WHEN EXISTS (SELECT FROM app.plan_template_version v WHERE v.municipality IS NULL AND v.code = $1 AND v.label = $2) THEN $2 || '-' || n.no ELSE $2 END, $3::jsonb
			  FROM (SELECT coalesce(max(v.no), 0) + 1 AS no FROM app.plan_template_version v WHERE v.municipality IS NULL AND v.code = $1) n
			 WHERE NOT EXISTS (SELECT FROM app.plan_template_version v WHERE v.municipality IS NULL AND v.code = $1 AND v.no = n.no - 1 AND v.content = $3::jsonb)`,
			t.Code, Version(), string(content))
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		return tx.SendBatch(ctx, batch).Close()
	})
}
