package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/media"
	"muster/internal/postgres"
)

// maxDocumentFile is the largest document: a drone panorama of 16k × 8k.
const maxDocumentFile = 200 << 20

type documentView struct {
	FileView
	SiteID uuid.UUID `json:"site_id"`
	Kind   string    `json:"kind"`
	State  string    `json:"state"`
}

func viewDocument(d postgres.Document) documentView {
	return documentView{viewFile(d.File), d.SiteID, d.Kind, d.State}
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
	f, err := s.upload(ctx, c, OnceHeader{in.Key}, fmt.Sprintf("document %s %s", site.ID, in.Kind), in.Kind, in.FileName, found)
	if err != nil {
		return nil, err
	}
	d := postgres.Document{File: f, SiteID: site.ID, Kind: in.Kind, State: "submitted"}
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
