package fake

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// readLetter reads a plain mail; its key is the Message-ID.
func readLetter(raw []byte) (Item, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Item{}, err
	}
	var decode mime.WordDecoder
	subject, err := decode.DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return Item{}, err
	}
	from, err := decode.DecodeHeader(m.Header.Get("From"))
	if err != nil {
		return Item{}, err
	}
	body := m.Body
	switch strings.ToLower(m.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(m.Body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, m.Body)
	}
	text, err := io.ReadAll(body)
	return Item{Key: m.Header.Get("Message-ID"), From: from, Title: subject,
		Text: strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n"))}, err
}
