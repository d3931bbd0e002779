package postgres

import (
	"time"

	"github.com/google/uuid"
)

// File is a file that somebody brought; its bytes are in the object store under
// ObjectKey.
type File struct {
	ID          uuid.UUID
	FileName    string
	ContentType string
	Size        int64
	SHA256      []byte
	ObjectKey   string
	UploadedAt  time.Time
}

// NewFile gives a file its id and the key of its object, in a folder of the store.
// Nil makes a new id; the id of the request that brings it makes the same request
// again bring the same file.
func NewFile(id uuid.UUID, folder, name, contentType string, size int64, sum []byte, at time.Time) File {
	if id == uuid.Nil {
		id = newID()
	}
	return File{ID: id, FileName: name, ContentType: contentType, Size: size, SHA256: sum, ObjectKey: folder + "/" + id.String() + "/original", UploadedAt: at}
}
