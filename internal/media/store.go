// Package media keeps PROOF: panoramas, assessment reports and the like, as
// objects in an S3 store. The database keeps what an object is and its SHA-256;
// the store keeps the bytes.
package media

import (
	"context"
	"io"
	"net/http"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"muster/internal/errs"
)

// Config is where the object store is.
type Config struct {
	Endpoint string // host:port
	Access   string
	Secret   string
	Bucket   string
	TLS      bool
}

// Store is a bucket of an S3-compatible object store.
type Store struct {
	client *minio.Client
	bucket string
}

// Open connects and makes the bucket when it is not there.
func Open(ctx context.Context, c Config) (*Store, error) {
	client, err := minio.New(c.Endpoint, &minio.Options{
		Creds:  credentials.NewStaticV4(c.Access, c.Secret, ""),
		Secure: c.TLS,
		// Path style and no trailing headers: understood by every server we met.
		BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return nil, errs.New(errs.Fix, "store_config", "对象存储的地址或密钥不对").Because(err)
	}
	there, err := client.BucketExists(ctx, c.Bucket)
	if err != nil {
		return nil, down(err)
	}
	if !there {
		if err := client.MakeBucket(ctx, c.Bucket, minio.MakeBucketOptions{}); err != nil {
			return nil, down(err)
		}
	}
	return &Store{client: client, bucket: c.Bucket}, nil
}

// Put stores an object of known size. Keys end in a leaf name: `a` and `a/b`
// cannot both be objects in every store.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	_, err := s.client.PutObject(ctx, s.bucket, key, r, size, minio.PutObjectOptions{ContentType: contentType})
	if err != nil {
		return down(err)
	}
	return nil
}

// Get opens an object; the caller closes it.
func (s *Store) Get(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	o, err := s.client.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, down(err)
	}
	if _, err := o.Stat(); err != nil {
		_ = o.Close()
		return nil, down(err)
	}
	return o, nil
}

// Ping says whether the store answers.
func (s *Store) Ping(ctx context.Context) error {
	if _, err := s.client.BucketExists(ctx, s.bucket); err != nil {
		return down(err)
	}
	return nil
}

func down(err error) error {
	if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
		return errs.New(errs.NotFound, "object_missing", "文件不在对象存储里").Because(err)
	}
	return errs.New(errs.Down, "store_down", "对象存储暂不可用").Because(err)
}
