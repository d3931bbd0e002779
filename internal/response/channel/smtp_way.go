package channel

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// client makes the SMTP client of one letter; its connection is cut when the
// context ends, which the library does not do by itself.
func (e *email) client(ctx context.Context) (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(e.port), gomail.WithTimeout(maxWait), gomail.WithDialContextFunc(e.dial(ctx)),
		gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithoutNoop(),
	}
	switch e.security {
	case implicit:
		options = append(options, gomail.WithSSL())
	case bare:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if e.user != "" {
		options = append(options, gomail.WithSMTPAuth(e.auth), gomail.WithUsername(e.user), gomail.WithPassword(e.password))
	}
	return gomail.NewClient(e.host, options...)
}

func (e *email) dial(sending context.Context) gomail.DialContextFunc {
	return func(ctx context.Context, network, address string) (conn net.Conn, err error) {
		dialer := &net.Dialer{Timeout: maxWait}
		if e.security == implicit {
			conn, err = (&tls.Dialer{NetDialer: dialer}).DialContext(ctx, network, address)
		} else {
			conn, err = dialer.DialContext(ctx, network, address)
		}
		if err == nil {
			context.AfterFunc(sending, func() { _ = conn.Close() })
		}
		return conn, err
	}
}

// smtpFailure classes what a server said, or what happened on the way.
func smtpFailure(err error) error {
	code, enhanced := smtpCode(err)
	var sent *gomail.SendError
	stage := gomail.SendErrReason(-1)
	if errors.As(err, &sent) {
		stage = sent.Reason
	}
	switch {
	case code == 0:
		return smtpWayFailure(err, stage)
	case code < 500:
		return &Failure{Class: Again, Code: replyCode(code, enhanced), Text: "邮件服务器暂时不收"}
	case stage == gomail.ErrSMTPRcptTo && noSuchMailbox(code, enhanced):
		return &Failure{Class: Never, Code: replyCode(code, enhanced), Text: "没有这个邮箱", Bad: true}
	}
	return &Failure{Class: Never, Code: replyCode(code, enhanced), Text: "邮件服务器拒收"}
}

// smtpWayFailure is for errors without a reply of the server. Only while the letter
// itself is written may it have been taken.
func smtpWayFailure(err error, stage gomail.SendErrReason) error {
	if stage == gomail.ErrSMTPDataClose || stage == gomail.ErrWriteContent {
		return wayFailure(err)
	}
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var network net.Error
	switch {
	case errors.As(err, &certificate), errors.As(err, &authority):
		return &Failure{Class: Never, Code: "tls", Text: "邮件服务器的证书不可信"}
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed), stage >= 0:
		return sure(wayFailure(err))
	}
	return &Failure{Class: Never, Code: "smtp_setup", Text: "邮件服务器不支持要求的加密或登录方式"}
}

var enhancedCode = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)

// smtpCode gives the reply code and the enhanced one (RFC 3463), 0 where the server
// said nothing.
func smtpCode(err error) (code int, enhanced string) {
	var sent *gomail.SendError
	if errors.As(err, &sent) {
		return sent.ErrorCode(), sent.EnhancedStatusCode()
	}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Code, enhancedCode.FindString(reply.Msg)
	}
	return 0, ""
}

func replyCode(code int, enhanced string) string {
	return strings.TrimSpace(strconv.Itoa(code) + " " + enhanced)
}

// noSuchMailbox tells a wrong address (X.1.x, and X.2.1 for a closed mailbox) from
// one that may not be written to by us (X.7.x).
func noSuchMailbox(code int, enhanced string) bool {
	if enhanced != "" {
		return strings.HasPrefix(enhanced, "5.1.") || enhanced == "5.2.1"
	}
	return code == 550 || code == 551 || code == 553
}
