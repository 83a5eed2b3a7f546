package forum

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/reference"
	"samspil/internal/sharing"
)

// ReleaseInput is a protected fact that one seat must know, and who is asked to release it.
type ReleaseInput struct {
	Key            uuid.UUID
	Item           uuid.UUID
	Seat           uuid.UUID
	Text           string
	AskedID        uuid.UUID
	AskReason      string
	sharing.Ground // its own: the fact is another thing than the item
}

// Released is such a line of the register, as the people of the case see it.
type Released struct {
	SeatID    uuid.UUID
	SharingID uuid.UUID
	Status    string // of [sharing.Sharing]: held, shared or kept_back
}

// ReleasedOf asks for those of an item of the opened case.
func ReleasedOf(b *db.Batch, item uuid.UUID) *[]Released {
	return db.All[Released](b, `SELECT r.seat_id, r.sharing_id, s.status FROM app.forum_released r JOIN app.sharing s ON s.case_id = r.case_id AND s.id = r.sharing_id
		WHERE r.case_id = @case AND r.item_id = @item ORDER BY r.put_at, r.sharing_id`, db.Args{"case": b.CaseID, "item": item})
}

// Release asks somebody else to release a protected fact to one seat of a named item. It stands sealed in the register of sharings, where
// the other answers; the seat reads it there once it is released. Where no protected fact stands in the words they are the seat's at once.
func Release(ctx context.Context, tx *db.Tx, k keys.Keys, in ReleaseInput) error {
	if !tx.Rights.May(actor.Write | actor.Addresses) {
		return fault.Forbidden
	}
	bad := fault.Invalid{}
	bad.Check("rel_text", in.Text != "", "forum.error.release")
	bad.AtMost("rel_text", in.Text, MaxText)
	bad.Check("rel_seat", in.Seat != uuid.Nil, "forum.error.release_seat")
	bad.Check("asked", in.AskedID != uuid.Nil, "sharing.error.asked")
	bad.Check("ask_reason", in.AskReason != "", "sharing.error.ask_reason")
	in.Check(bad, true)
	if err := bad.Err(); err != nil {
		return err
	}
	list, err := db.Many[given](ctx, tx, `
		SELECT l.seat_id, l.item_id, s.user_id, s.contact_id, c.organisation_id, i.title, '' AS body, '' AS extra, '' AS question, `+restsOn+`,
		       coalesce(s.user_id = @me, false) AS knows
		  FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL JOIN app.forum_item_case x ON x.id = i.id AND x.case_id = @case JOIN app.forum_seat s ON s.id = l.seat_id
		  LEFT JOIN app.contact_person c ON c.id = s.contact_id LEFT JOIN app.organisation o ON o.id = c.organisation_id WHERE l.item_id = @item AND l.seat_id = @seat AND l.given_at IS NOT NULL`,
		db.Args{"colleague": reference.Colleague, "case": tx.CaseID, "item": in.Item, "seat": in.Seat, "me": tx.Actor.UserID})
	switch {
	case err != nil:
		return err
	case len(list) == 0 || list[0].Knows:
		return fault.Invalid{"rel_seat": "forum.error.release_seat"}
	case list[0].Naming != Named:
		return fault.Invalid{"rel_text": "forum.error.release_anonymous"}
	}
	g := list[0]
	entry := sharing.Input{Key: in.Key, Direction: sharing.Out, What: "Forum: " + g.Title, Text: in.Text, HappenedOn: tx.Now, Ask: true, AskedID: in.AskedID, AskReason: in.AskReason}
	if err := entry.RestOn(ctx, tx, in.Ground, g.to()); err != nil {
		return released(err)
	}
	out, err := sharing.Share(ctx, tx, k, entry)
	if err != nil {
		return released(err)
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO app.forum_released (case_id, item_id, seat_id, sharing_id, put_by) VALUES (@case, @item, @seat, @sharing, @me) ON CONFLICT DO NOTHING`,
		db.Args{"case": tx.CaseID, "item": in.Item, "seat": in.Seat, "sharing": out.ID, "me": tx.Actor.UserID})
	return err
}

// released puts what the sharing room refuses beside the fields of the form at the table.
func released(err error) error {
	var bad fault.Invalid
	if !errors.As(err, &bad) {
		return err
	}
	out := fault.Invalid{}
	for field, text := range bad {
		switch field {
		case "asked", "ask_reason", "purpose_code", "legal_basis", "consent", "consent_id", "purpose":
			out[field] = text
		case "to":
			out["rel_seat"] = "forum.error.release_seat"
		case "text":
			out["rel_text"] = text
		default: // the title of the item, in which a fact was protected since
			out["rel_text"] = "forum.error.protected"
		}
	}
	return out
}

// Sealed are words that were released to the reader's seat, as they stand in the register.
type Sealed struct {
	ItemID, CaseID, SharingID uuid.UUID
	TextEnc                   []byte
}

// SeatWords asks for those of the reader's seat at a meeting, with a line in the trail of each case.
func SeatWords(b *db.Batch, meeting uuid.UUID) *[]Sealed {
	return db.All[Sealed](b, `SELECT item_id, case_id, sharing_id, text_enc FROM app.seat_words(@meeting)`, db.Args{"meeting": meeting})
}

// GuestWords is [SeatWords] of a guest.
func GuestWords(b *db.Batch) *[]Sealed {
	return db.All[Sealed](b, `SELECT item_id, case_id, sharing_id, text_enc FROM app.guest_seat_words()`, db.Args{})
}

// OpenWords opens what is sealed, by item.
func OpenWords(k keys.Keys, list []Sealed) (map[uuid.UUID][]string, error) {
	all := map[uuid.UUID][]string{}
	for _, s := range list {
		text, _, err := sharing.Sealed{TextEnc: s.TextEnc}.Open(k, s.CaseID, s.SharingID)
		if err != nil {
			return nil, err
		}
		all[s.ItemID] = append(all[s.ItemID], text)
	}
	return all, nil
}
