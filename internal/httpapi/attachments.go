package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/media"
	"muster/internal/postgres"
)

// maxScan is the largest scan.
const maxScan = 50 << 20

func (s *Server) attachmentRoutes() {
	allow(s, operation{id: "listAttachments", method: http.MethodGet, path: "/warnings/{id}/attachments", summary: "预警的扫描件"}, account.SeeMessages, s.listAttachments)
	allow(s, operation{id: "addAttachment", method: http.MethodPost, path: "/warnings/{id}/attachments", summary: "上传扫描件：JPEG、PNG 或 PDF",
		status: http.StatusCreated, maxBody: maxScan}, account.DraftWarning, s.addAttachment)
	allow(s, operation{id: "attachmentContent", method: http.MethodGet, path: "/attachments/{id}/content", summary: "扫描件文件"}, account.SeeMessages, s.attachmentContent)
}

type attachmentView struct {
	FileView
	UploadedBy UserView `json:"uploaded_by"`
}

func viewAttachment(a postgres.Attachment) attachmentView {
	return attachmentView{viewFile(a.File), UserView{a.UploadedBy, a.UploaderTitle}}
}

func (s *Server) listAttachments(ctx context.Context, c call, in *WarningPath) (*answer[page[attachmentView]], error) {
	if _, err := s.DB.WarningByID(ctx, c.scope, in.ID); err != nil {
		return nil, err
	}
	list, err := s.DB.Attachments(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	out := page[attachmentView]{Items: []attachmentView{}}
	for _, a := range list {
		out.Items = append(out.Items, viewAttachment(a))
	}
	return reply(out, nil)
}

type addAttachmentRequest struct {
	WarningPath
	OnceHeader
	FileName string `query:"file_name" required:"true" minLength:"1" maxLength:"200"`
	Type     string `header:"Content-Type"`
	RawBody  []byte
}

func (s *Server) addAttachment(ctx context.Context, c call, in *addAttachmentRequest) (*answer[attachmentView], error) {
	if _, err := s.DB.WarningByID(ctx, c.scope, in.ID); err != nil {
		return nil, err
	}
	found, err := media.Inspect(in.RawBody)
	if err != nil {
		return nil, err
	}
	f, err := s.upload(ctx, c, in.OnceHeader, "attach "+in.ID.String(), "attachment", in.FileName, found)
	if err != nil {
		return nil, err
	}
	if err := s.DB.AddAttachment(ctx, c.scope, postgres.Attachment{File: f, WarningID: in.ID}, c.actor(), c.at); err != nil {
		return nil, err
	}
	kept, err := s.DB.AttachmentByID(ctx, c.scope, f.ID)
	return reply(viewAttachment(kept), err)
}

func (s *Server) attachmentContent(ctx context.Context, c call, in *struct {
	ID uuid.UUID `path:"id"`
}) (*huma.StreamResponse, error) {
	a, err := s.DB.AttachmentByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	return s.file(ctx, a.ObjectKey, a.ContentType, a.Size)
}
