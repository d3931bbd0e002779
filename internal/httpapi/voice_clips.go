package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/media"
	"muster/internal/postgres"
	"muster/internal/response"
)

// maxClipFile is a minute of sound with room; media says exactly what is taken.
const maxClipFile = 10 << 20

type voiceClipView struct {
	ID         uuid.UUID `json:"id"`
	Name       string    `json:"name" doc:"合同里和喇叭上用的名字"`
	Template   string    `json:"template"`
	Language   string    `json:"language" doc:"BCP 47：zh、ii、bo"`
	Seconds    float64   `json:"seconds"`
	SHA256     string    `json:"sha256"`
	UploadedAt time.Time `json:"uploaded_at"`
}

func viewVoiceClip(c postgres.VoiceClip) voiceClipView {
	return voiceClipView{c.ID, response.Clip{Template: c.Template, Language: c.Language}.Name(), c.Template, c.Language, c.Seconds,
		fmt.Sprintf("%x", c.SHA256), c.UploadedAt}
}

func (s *Server) voiceClipRoutes() {
	allow(s, operation{id: "listVoiceClips", method: http.MethodGet, path: "/voice-clips", summary: "语音录音"}, account.Configure, s.listVoiceClips)
	allow(s, operation{id: "putVoiceClip", method: http.MethodPost, path: "/voice-clips", summary: "上传一段真人录音（PCM WAV），接替同名的前一段",
		status: http.StatusCreated, maxBody: maxClipFile}, account.Configure, s.putVoiceClip)
}

func (s *Server) listVoiceClips(ctx context.Context, _ call, _ *struct{}) (*answer[page[voiceClipView]], error) {
	list, err := s.DB.VoiceClips(ctx)
	if err != nil {
		return nil, err
	}
	out := page[voiceClipView]{Items: []voiceClipView{}}
	for _, c := range list {
		out.Items = append(out.Items, viewVoiceClip(c))
	}
	return reply(out, nil)
}

type putVoiceClipRequest struct {
	Template string `query:"template" required:"true" maxLength:"80" doc:"文字编号，如 V2_evacuate；muster channel templates voice 列出全部"`
	Language string `query:"language" required:"true" enum:"zh,ii,bo"`
	RawBody  []byte
}

// putVoiceClip stores the sound first and the row after: a row never points at
// nothing. The same recording again is a row of its own and changes nothing that
// is heard.
func (s *Server) putVoiceClip(ctx context.Context, c call, in *putVoiceClipRequest) (*answer[voiceClipView], error) {
	if !spoken(in.Template) {
		return nil, errs.New(errs.Fix, "template", "没有编号为 %s 的语音文字", in.Template).With(
			errs.Detail{Where: "template", Text: "不在报备表中", Mend: "用 muster channel templates voice 列出全部编号"})
	}
	sound, err := media.InspectSound(in.RawBody)
	if err != nil {
		return nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	clip := postgres.VoiceClip{ID: id, Template: in.Template, Language: in.Language, ObjectKey: "voice/" + id.String() + ".wav",
		SHA256: sound.SHA256, Seconds: sound.Seconds, UploadedAt: c.at}
	if err := s.Store.Put(ctx, clip.ObjectKey, sound.Reader(), int64(len(in.RawBody)), "audio/wav"); err != nil {
		return nil, err
	}
	if err := s.DB.PutVoiceClip(ctx, clip, c.actor(), c.at); err != nil {
		return nil, err
	}
	return reply(viewVoiceClip(clip), nil)
}

// spoken says whether the rule book has a text for calls under this id.
func spoken(template string) bool {
	return slices.ContainsFunc(response.DefaultRules().Register(response.Voice), func(r response.Registered) bool { return r.ID == template })
}
