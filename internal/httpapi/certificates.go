package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
)

// soonDays is how long before its end a certificate is said to expire soon.
const soonDays = 30

type certificateView struct {
	ID         uuid.UUID   `json:"id"`
	Person     contactView `json:"person"`
	Kind       string      `json:"kind"`
	NumberTail string      `json:"number_tail" doc:"编号的后四位"`
	Issuer     string      `json:"issuer"`
	Where      string      `json:"where" doc:"持证人所在的项目、合同段"`
	Until      *time.Time  `json:"until" doc:"从这一刻起不再有效；空：长期"`
	Expired    bool        `json:"expired"`
	State      string      `json:"state" enum:"expired,soon,valid" doc:"soon：30 天内到期"`
	DocumentID *uuid.UUID  `json:"document_id"`
}

// viewCertificate shows one, its holder as far as show allows.
func viewCertificate(x postgres.Certificate, show *discloser) certificateView {
	person := show.contact(postgres.Contact{PersonID: x.PersonID, Name: x.Name, PhoneSealed: x.PhoneSealed}, x.Place(), account.Quiet)
	where := deref(x.ProjectName)
	if x.SectionName != nil {
		where += " " + *x.SectionName
	}
	state := certificateState(x.ValidUntil, show.c.at)
	return certificateView{x.ID, person, x.Kind, x.NumberTail, x.Issuer, where, x.ValidUntil, state == "expired", state, x.DocumentID}
}

func certificateState(until *time.Time, at time.Time) string {
	switch {
	case until == nil || until.After(at.AddDate(0, 0, soonDays)):
		return "valid"
	case until.After(at):
		return "soon"
	}
	return "expired"
}

var certificateStates = words[string]{{"expired", "已过期"}, {"soon", "快到期"}, {"valid", "有效"}}

type listCertificatesRequest struct {
	Query   string    `query:"q" maxLength:"60"`
	Status  string    `query:"status" enum:"expired,soon" doc:"已过期；30 天内到期"`
	Days    int       `query:"expiring_days" minimum:"0" maximum:"3650" doc:"多少天内到期的，含已过期；0：全部" example:"30"`
	Person  uuid.UUID `query:"person"`
	Region  string    `query:"region" maxLength:"12" doc:"区划代码，含下级"`
	Project uuid.UUID `query:"project"`
	Section uuid.UUID `query:"section"`
	Cursor  string    `query:"cursor" maxLength:"400"`
	Limit   int       `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

// certificateFilter is what a request asks for. A whole phone or ID number is
// looked for by its hash.
func (s *Server) certificateFilter(in *listCertificatesRequest, at time.Time) (postgres.CertificateFilter, error) {
	among, err := ListRequest{Query: in.Query, Region: in.Region}.filter()
	among.Project, among.Section = in.Project, in.Section
	among.Text, among.Hashes = s.wholeNumber(among.Text)
	f := postgres.CertificateFilter{Person: in.Person, Among: among, Limit: in.Limit}
	if in.Days > 0 {
		f.Before = at.AddDate(0, 0, in.Days)
	}
	switch in.Status {
	case "expired":
		f.Before = at
	case "soon":
		f.From, f.Before = at, at.AddDate(0, 0, soonDays)
	}
	if in.Cursor != "" && err == nil {
		f.After, err = readMark(in.Cursor, at)
	}
	return f, err
}

// wholeNumber takes a whole phone or ID number for what it is; any other text stays.
func (s *Server) wholeNumber(text string) (string, []string) {
	if phone, err := roster.ParsePhone(text); err == nil {
		return "", s.Sealer.Hashes(account.PhonePurpose, phone)
	}
	if id, err := roster.ParseCitizenID(text); err == nil {
		return "", s.Sealer.Hashes("id_number", id)
	}
	return text, nil
}

func (s *Server) listCertificates(ctx context.Context, c call, in *listCertificatesRequest) (*answer[page[certificateView]], error) {
	f, err := s.certificateFilter(in, c.at)
	if err != nil {
		return nil, err
	}
	f.Limit++
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
		out.Items = append(out.Items, viewCertificate(x, show))
	}
	return reply(out, show.audited(ctx, "certificate", ""))
}

func (s *Server) getCertificate(ctx context.Context, c call, in *struct {
	ID uuid.UUID `path:"id"`
}) (*answer[certificateView], error) {
	x, err := s.DB.CertificateByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	show := s.discloser(c)
	return reply(viewCertificate(x, show), show.audited(ctx, "certificate", in.ID.String()))
}

func (s *Server) exportCertificates(ctx context.Context, c call, in *listCertificatesRequest) (export, error) {
	f, err := s.certificateFilter(in, c.at)
	show := s.discloser(c)
	return export{noun: "certificates", sheet: "证书",
		filter: map[string]any{"status": in.Status, "region": in.Region, "project": in.Project, "section": in.Section, "searched": in.Query != ""},
		head:   []any{"持证人", "手机", "证书", "编号后四位", "发证机关", "有效期至", "状态", "所在"},
		rows: func(w *sheetWriter) (bool, error) {
			more, err := byMarks(postgres.Mark{}, func(m postgres.Mark, n int) ([]postgres.Certificate, error) {
				f.After, f.Limit = m, n
				return s.DB.Certificates(ctx, c.scope, f)
			}, postgres.Certificate.Mark, func(w *sheetWriter, x postgres.Certificate) {
				v := viewCertificate(x, show)
				w.row(v.Person.Name, v.Person.Phone, v.Kind, v.NumberTail, v.Issuer, v.Until, certificateStates.of(v.State), v.Where)
			})(w)
			return more, firstError(err, show.audited(ctx, "certificates_export", ""))
		}}, err
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
