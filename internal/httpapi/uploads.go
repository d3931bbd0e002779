package httpapi

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"muster/internal/media"
	"muster/internal/postgres"
)

// FileView is a file that somebody brought, as every list of files shows it.
type FileView struct {
	ID          uuid.UUID `json:"id"`
	FileName    string    `json:"file_name"`
	ContentType string    `json:"content_type"`
	Size        int64     `json:"size"`
	SHA256      string    `json:"sha256"`
	UploadedAt  time.Time `json:"uploaded_at"`
}

func viewFile(f postgres.File) FileView {
	return FileView{f.ID, f.FileName, f.ContentType, f.Size, hex.EncodeToString(f.SHA256), f.UploadedAt}
}

// upload stores the bytes of a file, under a folder of the store; the row comes
// after, so that a row never points at nothing. Bytes whose row failed are found by
// their key having no row. The same request brings the same file.
func (s *Server) upload(ctx context.Context, c call, key OnceHeader, about, folder, name string, found media.Inspected) (postgres.File, error) {
	id := uuid.Nil
	if key.Key != "" {
		id = key.event(c, fmt.Sprintf("%s %x", about, found.SHA256))
	}
	f := postgres.NewFile(id, folder, name, found.ContentType, found.Size(), found.SHA256, c.at)
	return f, s.Store.Put(ctx, f.ObjectKey, found.Reader(), f.Size, f.ContentType)
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
