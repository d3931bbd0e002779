package httpapi

import (
	"context"
	"net/http"
	"strings"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
)

// maxPaste is the longest text that is taken: a bulletin has a few kilobytes.
const maxPaste = 100 << 10

func (s *Server) pasteRoutes() {
	allow(s, operation{id: "pasteMessage", method: http.MethodPost, path: "/messages/paste", summary: "粘贴微信、传真、OA转来的文字：先存原文，再识别",
		status: http.StatusCreated, maxBody: 1 << 20}, account.DraftWarning, s.pasteMessage)
}

type pasteRequest struct {
	OnceHeader
	Body struct {
		Text   string `json:"text"`
		Source string `json:"source_words" minLength:"1" maxLength:"200" doc:"从哪里得到：例如“市局工作群，20:41”"`
		Datum  string `json:"datum,omitempty" enum:"wgs84,cgcs2000,gcj02,bd09" doc:"文中坐标的坐标系，供手工画区域时换算"`
	}
}

type pastedView struct {
	ReceiptView
	SourceWords string `json:"source_words"`
	Datum       string `json:"datum"`
	Hint        string `json:"hint" doc:"接下来做什么"`
}

// pasteMessage takes a text that somebody forwarded. It is kept before anybody
// tries to understand it, so that what no parser reads can be worked on by hand.
func (s *Server) pasteMessage(ctx context.Context, c call, in *pasteRequest) (*answer[pastedView], error) {
	text := strings.TrimSpace(in.Body.Text)
	switch {
	case text == "":
		return nil, errs.New(errs.Fix, "paste_empty", "没有文字")
	case len(text) > maxPaste:
		return nil, errs.New(errs.Fix, "paste_too_long", "文字有%d千字节，最多100千字节；长文请只粘贴预警部分，原件作为扫描件上传", len(text)>>10)
	}
	datum := firstOf(in.Body.Datum, "wgs84")
	_, repeated, err := s.DB.StorePaste(ctx, []byte(text), in.Body.Source, datum, c.actor(), c.at)
	if err != nil {
		return nil, err
	}
	r, err := s.Intake.Receive(ctx, postgres.PasteSource, "text/plain; charset=utf-8", []byte(text), c.at)
	if err != nil {
		return nil, err
	}
	r.Repeated = repeated
	kept, err := s.DB.PastedByID(ctx, r.RawID)
	if err != nil {
		return nil, err
	}
	return reply(pastedView{viewReceipt(r), kept.Words, kept.Datum, pasteHint(r)}, nil)
}

// pasteHint says what to do with what was understood, or was not.
func pasteHint(r postgres.Receipt) string {
	drafted := false
	for _, m := range r.Messages {
		drafted = drafted || m.WarningID != nil
	}
	switch {
	case drafted && r.Repeated:
		return "这段文字此前已经粘贴过，已有草稿"
	case drafted:
		return "已生成草稿，请核对区域、等级和时间"
	case r.Outcome == "ignored":
		return "已识别，但不需要派发；原文已存"
	}
	return "没有识别出可派发的内容，原文已存；请对照原文新建草稿：选灾种和等级、画区域、写明原发布单位和时间"
}
