package timeline

// Columns and People read events e of app.case_event: who did it is a colleague, somebody at a partner, or the program.
const (
	Columns = ` e.id, e.case_id, e.at, coalesce(e.actor, '00000000-0000-0000-0000-000000000000') AS actor_id,
		coalesce(u.display_name, CASE WHEN g.first_name_only THEN split_part(g.name, ' ', 1) ELSE g.name END, '') AS actor, coalesce(u.photo_id, g.photo_id) AS photo_id, e.kind, e.object_id, e.data `
	People = ` LEFT JOIN auth.user_account u ON u.id = e.actor LEFT JOIN app.contact_person g ON g.id = e.contact_id `
)
