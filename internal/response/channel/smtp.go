package channel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"muster/internal/clock"
)

// email sends plain text through one SMTP server (RFC 5321), encrypted unless the
// account says tls=none for a relay on the same machine.
type email struct {
	now            func() time.Time
	host           string
	port           int
	from           mail.Address
	user, password string
	auth           gomail.SMTPAuthType
	security       security
}

// security is how the connection to the server is encrypted.
type security string

const (
	startTLS security = "starttls" // RFC 3207, refused when the server has none
	implicit security = "implicit" // TLS from the first byte, RFC 8314
	bare     security = "none"     // tests, and a relay on the same machine
)

var smtpPorts = map[security]int{startTLS: 587, implicit: 465, bare: 25}

func newEmail(a Account) (Gateway, error) {
	w := wants{account: a}
	e := &email{now: a.Now, auth: gomail.SMTPAuthPlain,
		host: w.setting("host", "邮件服务器的域名"), user: a.Settings["user"], password: a.Secrets["password"]}
	e.security = w.security(a.Settings["tls"])
	e.port = w.port(a.Settings["port"], smtpPorts[e.security])
	e.from = w.sender(a.Settings["from"], a.Settings["from_name"])
	if a.Settings["auth"] == "login" {
		e.auth = gomail.SMTPAuthLogin
	}
	return e, w.err()
}

func (w *wants) security(value string) security {
	if value == "" {
		return startTLS
	}
	if smtpPorts[security(value)] == 0 {
		w.lack("settings.tls", "不认识", "starttls、implicit 或 none")
	}
	return security(value)
}

func (w *wants) port(value string, standard int) int {
	if value == "" {
		return standard
	}
	port, err := strconv.Atoi(value)
	if err != nil || port < 1 || port > 65535 {
		w.lack("settings.port", "不是有效的端口", "1 到 65535")
	}
	return port
}

func (w *wants) sender(address, name string) mail.Address {
	from, err := mail.ParseAddress(address)
	if err != nil {
		w.lack("settings.from", "不是有效的邮箱", "发件人邮箱，如 warn@example.cn")
		return mail.Address{}
	}
	return mail.Address{Name: name, Address: from.Address}
}

// Send implements Gateway. The id is the Message-ID, which is made of the key: a
// mail handed over twice is one mail to those who look.
func (e *email) Send(ctx context.Context, m Message) (string, error) {
	id := e.messageID(m.Key)
	letter, err := e.letter(m, id)
	if err != nil {
		return "", &Failure{Class: Never, Code: "address", Text: "收件邮箱不是有效的地址", Bad: true}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // closes the connection, also one that the library left open
	client, err := e.client(ctx)
	if err != nil {
		return "", err
	}
	// What goes wrong after the server took the letter (RSET, QUIT) is no failure.
	if err := client.DialAndSendWithContext(ctx, letter); err != nil && !letter.IsDelivered() {
		return "", smtpFailure(err)
	}
	return id, nil
}

func (e *email) messageID(key string) string {
	sum := sha256.Sum256([]byte(key))
	_, domain, _ := strings.Cut(e.from.Address, "@")
	return hex.EncodeToString(sum[:16]) + "@" + domain
}

func (e *email) letter(m Message, id string) (*gomail.Msg, error) {
	letter := gomail.NewMsg()
	if err := letter.FromFormat(e.from.Name, e.from.Address); err != nil {
		return nil, err
	}
	if err := letter.To(m.To); err != nil {
		return nil, err
	}
	letter.Subject(strings.Join(strings.Fields(cardTitle(m)), " "))
	letter.SetMessageIDWithValue(id)
	letter.SetDateWithValue(e.now().In(clock.Shanghai))
	letter.SetImportance(gomail.ImportanceUrgent)
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office replies
	body := m.Text
	if m.Link != "" {
		body += "\n\n" + openPage + "：" + m.Link
	}
	letter.SetBodyString(gomail.TypeTextPlain, body+"\n")
	return letter, nil
}
