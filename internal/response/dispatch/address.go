package dispatch

import (
	"context"
	"time"

	"muster/internal/response"
	"muster/internal/response/channel"
)

// AnswerPurpose is what links in notices are good for: reading and answering one
// summons.
const AnswerPurpose = "answer"

// linkLife is how long a link opens the answer page; what it can change there
// ends with the warning.
const linkLife = 7 * 24 * time.Hour

func never(code, text string) error {
	return &channel.Failure{Class: channel.Never, Code: code, Text: text}
}

// Address implements Post: it opens the phone for the moment of handing over, and
// gives links only to channels that may carry them.
func (d *Directory) Address(_ context.Context, n response.Claimed) (channel.Gateway, channel.Message, error) {
	d.mu.RLock()
	c := d.byID[n.AccountID]
	d.mu.RUnlock()
	switch {
	case c == nil:
		return nil, channel.Message{}, &channel.Failure{Class: channel.Again, Code: "no_account", Text: "通道账号已停用"}
	case c.broken != nil:
		return nil, channel.Message{}, &channel.Failure{Class: channel.Again, Code: "account_broken", Text: "通道账号的设置不完整"}
	}
	m := channel.Message{Key: n.ID.String(), Template: n.Wording.Template, Title: n.Wording.Title, Text: n.Wording.Text, Language: n.Language,
		Exercise: c.Mode == "exercise", Level: n.Level, Measure: n.Measure}
	for _, v := range n.Wording.Vars {
		m.Vars = append(m.Vars, channel.Var{Name: v.Name, Value: v.Value})
	}
	m.Clip = d.clip(n)
	m.Link = d.link(c.Channel, n)
	var err error
	m.To, err = d.receiver(c, n)
	return c.gateway, m, err
}

func (d *Directory) receiver(c *contract, n response.Claimed) (string, error) {
	switch c.Channel {
	case response.SMS, response.Voice:
		if n.PersonID == nil || n.PhoneSealed == nil {
			return "", never("no_number", "没有登记手机号")
		}
		phone, err := d.Sealer.Open("person", "phone", n.PersonID.String(), *n.PhoneSealed)
		if err != nil {
			d.Log.Error("phone does not open", "notice", n.ID, "err", err)
			return "", never("sealed", "号码无法解密")
		}
		return phone, nil
	case response.Robot, response.Webhook:
		return "", nil // the account is the receiver
	case response.Horn:
		return c.Settings["topic"], nil
	}
	return "", never("no_address", "没有登记该通道的地址")
}

// clip is a recording in the person's language; a machine never speaks Yi or
// Tibetan.
func (d *Directory) clip(n response.Claimed) string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if c := (response.Clip{Template: n.Wording.Template, Language: n.Language}); d.clips[c] {
		return c.Name()
	}
	return ""
}

func (d *Directory) link(c response.Channel, n response.Claimed) string {
	switch {
	case d.Base == "" || c == response.SMS || c == response.Voice || c == response.Horn:
		return ""
	case n.SummonsID == nil:
		return d.Base + "/a"
	}
	return d.Base + "/a/" + d.Sealer.Token(AnswerPurpose, *n.SummonsID, n.CreatedAt.Add(linkLife))
}
