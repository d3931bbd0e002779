package httpapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/media"
	"muster/internal/postgres"
)

// maxDocumentFile is the largest document: a drone panorama of 16k × 8k.
const maxDocumentFile = 200 << 20

type documentView struct {
	ID          uuid.UUID `json:"id"`
	SiteID      uuid.UUID `json:"site_id"`
	Kind        string    `json:"kind"`
	FileName    string    `json:"file_name"`
	ContentType string    `json:"content_type"`
	Size        int64     `json:"size"`
	SHA256      string    `json:"sha256"`
	State       string    `json:"state"`
	UploadedAt  time.Time `json:"uploaded_at"`
}

func viewDocument(d postgres.Document) documentView {
	return documentView{d.ID, d.SiteID, d.Kind, d.FileName, d.ContentType, d.Size, fmt.Sprintf("%x", d.SHA256), d.State, d.UploadedAt}
}

func (s *Server) documentRoutes() {
	allow(s, operation{id: "listDocuments", method: http.MethodGet, path: "/sites/{id}/documents", summary: "点位资料"}, account.SeeSites, s.listDocuments)
	allow(s, operation{id: "addDocument", method: http.MethodPost, path: "/sites/{id}/documents", summary: "上传全景照片、评价报告等",
		status: http.StatusCreated, maxBody: maxDocumentFile}, account.AddDocument, s.addDocument)
	allow(s, operation{id: "documentContent", method: http.MethodGet, path: "/documents/{id}/content", summary: "资料文件"}, account.SeeSites, s.documentContent)
}

func (s *Server) listDocuments(ctx context.Context, c call, in *SitePath) (*answer[page[documentView]], error) {
	if _, err := s.DB.SiteByID(ctx, c.scope, in.ID); err != nil {
		return nil, err
	}
	list, err := s.DB.Documents(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	out := page[documentView]{Items: []documentView{}}
	for _, d := range list {
		out.Items = append(out.Items, viewDocument(d))
	}
	return reply(out, nil)
}

type addDocumentRequest struct {
	SitePath
	Kind     string `query:"kind" required:"true" enum:"panorama,assessment,plan,route,notice,stop_order,inspection,certificate,circular,other"`
	FileName string `query:"file_name" required:"true" maxLength:"200"`
	Type     string `header:"Content-Type"`
	Key      string `header:"Idempotency-Key" maxLength:"200" doc:"同一次上传重发时保持不变"`
	RawBody  []byte
}

// addDocument stores the bytes first and the row after: a row never points at
// nothing. Bytes whose row failed are found by their key having no row.
func (s *Server) addDocument(ctx context.Context, c call, in *addDocumentRequest) (*answer[documentView], error) {
	site, err := s.DB.SiteByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	found, err := media.Inspect(in.RawBody)
	if err != nil {
		return nil, err
	}
	if err := found.Fits(in.Kind); err != nil {
		return nil, err
	}
	d := postgres.NewDocument(site.ID, in.Kind, in.FileName, found.ContentType, int64(len(in.RawBody)), found.SHA256, c.who.UserID, c.at)
	if in.Key != "" {
		d = d.Named(OnceHeader{in.Key}.event(c, fmt.Sprintf("document %s %s %x", site.ID, in.Kind, found.SHA256)))
	}
	if err := s.Store.Put(ctx, d.ObjectKey, found.Reader(), d.Size, d.ContentType); err != nil {
		return nil, err
	}
	if err := s.DB.AddDocument(ctx, c.scope, d, c.actor(), c.at); err != nil {
		return nil, err
	}
	return reply(viewDocument(d), nil)
}

func (s *Server) documentContent(ctx context.Context, c call, in *struct {
	ID uuid.UUID `path:"id"`
}) (*huma.StreamResponse, error) {
	d, err := s.DB.DocumentByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	return s.file(ctx, d.ObjectKey, d.ContentType, d.Size)
}

// file gives an object out as a download that no browser takes for a page.
func (s *Server) file(ctx context.Context, key, contentType string, size int64) (*huma.StreamResponse, error) {
	object, err := s.Store.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer object.Close()
		ctx.SetHeader("Content-Type", contentType)
		ctx.SetHeader("Content-Length", fmt.Sprint(size))
		ctx.SetHeader("X-Content-Type-Options", "nosniff")
		ctx.SetHeader("Content-Disposition", "attachment")
		if _, err := io.Copy(ctx.BodyWriter(), object); err != nil {
			s.Log.Error("a file broke off", "object", key, "err", err)
		}
	}}, nil
}
