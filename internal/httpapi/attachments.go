package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"time"

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
	ID          uuid.UUID `json:"id"`
	FileName    string    `json:"file_name"`
	ContentType string    `json:"content_type"`
	Size        int64     `json:"size"`
	SHA256      string    `json:"sha256"`
	UploadedBy  UserView  `json:"uploaded_by"`
	UploadedAt  time.Time `json:"uploaded_at"`
}

func viewAttachment(a postgres.Attachment) attachmentView {
	return attachmentView{a.ID, a.FileName, a.ContentType, a.Size, fmt.Sprintf("%x", a.SHA256), UserView{a.UploadedBy, a.UploaderTitle}, a.UploadedAt}
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

// addAttachment stores the bytes first and the row after: a row never points at
// nothing.
func (s *Server) addAttachment(ctx context.Context, c call, in *addAttachmentRequest) (*answer[attachmentView], error) {
	if _, err := s.DB.WarningByID(ctx, c.scope, in.ID); err != nil {
		return nil, err
	}
	found, err := media.Inspect(in.RawBody)
	if err != nil {
		return nil, err
	}
	a := postgres.NewAttachment(in.ID, in.FileName, found.ContentType, int64(len(in.RawBody)), found.SHA256, c.who.UserID, c.at)
	if err := s.Store.Put(ctx, a.ObjectKey, found.Reader(), a.Size, a.ContentType); err != nil {
		return nil, err
	}
	once := in.once(c, "attach "+in.ID.String(), fmt.Sprintf("%s %x", in.FileName, found.SHA256))
	id, err := s.DB.AddAttachment(ctx, c.scope, a, c.actor(), once, c.at)
	if err != nil {
		return nil, err
	}
	kept, err := s.DB.AttachmentByID(ctx, c.scope, id)
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
