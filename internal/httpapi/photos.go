package httpapi

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/media"
	"muster/internal/postgres"
)

// maxPhoto is the largest photo a phone sends; the field page makes them smaller.
const maxPhoto = 20 << 20

func (s *Server) photoRoutes() {
	allow(s, operation{id: "addPhoto", method: http.MethodPost, path: "/responses/{id}/photos", summary: "现场照片：JPEG 或 PNG，随报告核实",
		status: http.StatusCreated, maxBody: maxPhoto}, account.AddDocument, s.addPhoto)
	allow(s, operation{id: "photoContent", method: http.MethodGet, path: "/photos/{id}/content", summary: "现场照片文件"}, account.SeePeople, s.photoContent)
}

type photoView struct {
	ID         uuid.UUID   `json:"id"`
	TakenAt    time.Time   `json:"taken_at" doc:"拍摄时间，手机所说，按服务器时间校正"`
	RecordedAt time.Time   `json:"recorded_at" doc:"本系统收到的时间"`
	TakenBy    UserView    `json:"taken_by"`
	DistanceM  *int        `json:"distance_m" doc:"手机离点位多远，米；null：手机没有说在哪里"`
	AccuracyM  *int        `json:"accuracy_m" doc:"手机所说的定位误差，米"`
	Faults     []faultView `json:"faults" doc:"对这张照片的疑点"`
	SHA256     string      `json:"sha256"`
}

type faultView struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

func viewPhoto(p postgres.Photo) photoView {
	v := photoView{ID: p.ID, TakenAt: p.TakenAt, RecordedAt: p.UploadedAt, TakenBy: UserView{p.TakenBy, p.TakerTitle}, DistanceM: p.DistanceM,
		AccuracyM: p.AccuracyM, Faults: []faultView{}, SHA256: hex.EncodeToString(p.SHA256)}
	for _, f := range p.Faults {
		v.Faults = append(v.Faults, faultView{string(f), f.Label()})
	}
	return v
}

type addPhotoRequest struct {
	ResponsePath
	OnceHeader
	TakenAt  time.Time `query:"taken_at" required:"true" doc:"拍摄时间"`
	Origin   string    `query:"origin" pattern:"^[0-9a-f]{64}$" doc:"原图的 SHA-256（手机缩小之前）"`
	Lon      float64   `query:"lon" doc:"手机所在经度；不知道就不填"`
	Lat      float64   `query:"lat"`
	Accuracy float64   `query:"accuracy" minimum:"0" maximum:"1000000" doc:"定位误差，米"`
	Datum    string    `query:"datum" enum:"wgs84,gcj02,unknown" default:"unknown"`
	Type     string    `header:"Content-Type"`
	RawBody  []byte
}

func (in *addPhotoRequest) place() *phonePlace {
	if in.Lon == 0 && in.Lat == 0 {
		return nil
	}
	return &phonePlace{in.Lon, in.Lat, in.Accuracy, in.Datum}
}

func (s *Server) addPhoto(ctx context.Context, c call, in *addPhotoRequest) (*answer[photoView], error) {
	if _, err := s.DB.ResponseByID(ctx, c.scope, in.ID, c.at); err != nil {
		return nil, err
	}
	found, err := media.Inspect(in.RawBody)
	if err != nil {
		return nil, err
	}
	if !found.Picture() {
		return nil, errs.New(errs.Fix, "not_picture", "现场照片只收 JPEG 和 PNG").With(errs.Detail{Where: "body", Text: "文件内容是 " + found.ContentType})
	}
	origin, err := hex.DecodeString(in.Origin)
	if err != nil || len(origin) == 0 {
		origin = nil
	}
	taken := in.TakenAt
	if taken.After(c.at) {
		taken = c.at
	}
	f, err := s.upload(ctx, c, in.OnceHeader, "photo "+in.ID.String(), "photo", "", found)
	if err != nil {
		return nil, err
	}
	p := postgres.Photo{File: f, ResponseID: in.ID, Origin: origin, TakenAt: taken, TakenBy: c.who.UserID}
	if place := in.place(); place != nil {
		metres := int(in.Accuracy)
		p.AccuracyM = &metres
	}
	kept, err := s.DB.AddPhoto(ctx, c.scope, p, in.place().readings(), c.actor(), c.at)
	return reply(viewPhoto(kept), err)
}

// photoContent gives the picture; that it was looked at is written down, for people
// can be on it.
func (s *Server) photoContent(ctx context.Context, c call, in *struct {
	ID uuid.UUID `path:"id"`
}) (*huma.StreamResponse, error) {
	p, err := s.DB.PhotoByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.DB.Audited(ctx, c.actor(), "see_photo", "response", p.ResponseID.String(), map[string]any{"photo": p.ID}, c.at); err != nil {
		return nil, err
	}
	return s.file(ctx, p.ObjectKey, p.ContentType, p.Size)
}
