package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
)

type certificateView struct {
	ID         uuid.UUID   `json:"id"`
	Person     contactView `json:"person"`
	Kind       string      `json:"kind"`
	NumberTail string      `json:"number_tail" doc:"编号的后四位"`
	Issuer     string      `json:"issuer"`
	Until      *time.Time  `json:"until" doc:"从这一刻起不再有效；空：长期"`
	Expired    bool        `json:"expired"`
	DocumentID *uuid.UUID  `json:"document_id"`
}

func (s *Server) listCertificates(ctx context.Context, c call, in *struct {
	Days   int       `query:"expiring_days" minimum:"0" maximum:"3650" doc:"多少天内到期的，含已过期；0：全部" example:"30"`
	Person uuid.UUID `query:"person"`
	Cursor string    `query:"cursor" maxLength:"400"`
	Limit  int       `query:"limit" default:"50" minimum:"1" maximum:"200"`
}) (*answer[page[certificateView]], error) {
	f := postgres.CertificateFilter{Person: in.Person, Limit: in.Limit + 1}
	if in.Days > 0 {
		f.Before = c.at.AddDate(0, 0, in.Days)
	}
	if in.Cursor != "" {
		var err error
		if f.After, err = readMark(in.Cursor, c.at); err != nil {
			return nil, err
		}
	}
	list, err := s.DB.Certificates(ctx, c.scope, f)
	if err != nil {
		return nil, err
	}
	out, show := page[certificateView]{Items: []certificateView{}}, s.discloser(c)
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Next = writeMark(list[in.Limit-1].Mark())
	}
	for _, x := range list {
		person := show.contact(postgres.Contact{PersonID: x.PersonID, Name: x.Name, PhoneSealed: x.PhoneSealed}, x.Place(), account.Quiet)
		out.Items = append(out.Items, certificateView{x.ID, person, x.Kind, x.NumberTail, x.Issuer, x.ValidUntil,
			x.ValidUntil != nil && !x.ValidUntil.After(c.at), x.DocumentID})
	}
	return reply(out, show.audited(ctx, "certificate", ""))
}

// linkCertificate points at a document that was uploaded to a site before
// (addDocument, kind certificate).
func (s *Server) linkCertificate(ctx context.Context, c call, in *struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		DocumentID *uuid.UUID `json:"document_id" nullable:"true" doc:"空：不再指向任何资料"`
	}
}) (*nothing, error) {
	return &nothing{}, s.DB.LinkCertificate(ctx, c.scope, in.ID, in.Body.DocumentID, c.actor(), c.at)
}
