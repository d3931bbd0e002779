package fake

import (
	"bytes"
	"encoding/json"
	"net/http"
	"path"
	"strconv"
	"time"

	"muster/internal/response/channel"
)

// openWebhook is another system that takes signed notices: its box is named by the
// last part of its address. It tells that each was delivered, and, when scripted as
// Received, that somebody acknowledged it.
func openWebhook(c *Carrier) {
	d := &Door{Name: "webhook/webhook", Label: "外部系统", Kind: channel.Webhook, Push: c.pushWebhook}
	c.Handle("POST /webhook/{system}", c.Guard(d, func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("system")
		owner := c.customerWhere(channel.Webhook, "webhook", func(a channel.Account) bool { return path.Base(a.Secrets["url"]) == name })
		if owner == nil {
			http.Error(w, "gone", http.StatusGone)
			return
		}
		c.webhook(d, owner, Box{System, name}, w, r)
	}))
}

func (c *Carrier) webhook(d *Door, owner *customer, to Box, w http.ResponseWriter, r *http.Request) {
	body, ok := readBody(w, r)
	if !ok {
		return
	}
	id, _, err := channel.CheckWebhook(owner.Secrets["secret"], r.Header, body, c.Now())
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	var m struct {
		Data struct {
			Template string `json:"template"`
			Title    string `json:"title"`
			Text     string `json:"text"`
			Link     string `json:"link"`
			Exercise bool   `json:"exercise"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &m) != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	it := Item{Key: id, From: d.Label, Template: m.Data.Template, Title: m.Data.Title, Text: m.Data.Text, Link: m.Data.Link,
		Data: map[string]any{"exercise": m.Data.Exercise}}
	if got := c.Deliver(d, owner, to, it); !got.Known {
		c.acknowledge(to, it.Key, d, owner)
	}
	w.WriteHeader(http.StatusAccepted)
}

// acknowledge plans what the other system tells.
func (c *Carrier) acknowledge(to Box, key string, d *Door, owner *customer) {
	now := c.weather.at(d.Name)
	if now.Silent {
		return
	}
	it := &Item{Key: key, Door: d.Name, door: d, customer: owner}
	at := c.Now().Add(c.chance.within(now.Receipt))
	c.tellLater(to, it, Happening{Kind: channel.Delivered, At: at})
	if p, ok := c.persons.Load(to.Address); ok && p.(Person).Text == Received {
		c.tellLater(to, it, Happening{Kind: channel.Reply, Text: "收到", At: at.Add(c.chance.within(p.(Person).After))})
	}
}

func (c *Carrier) tellLater(to Box, it *Item, h Happening) {
	c.plan(h.At, func(at time.Time) { c.tell(to, it, h) })
}

var webhookTypes = map[channel.EventKind]string{channel.Delivered: "notice.delivered", channel.Seen: "notice.seen",
	channel.Reply: "notice.acknowledged", channel.Failed: "notice.failed"}

// pushWebhook makes one signed request for each happening.
func (c *Carrier) pushWebhook(to Account, what []Happening) []*http.Request {
	now := c.Now()
	var list []*http.Request
	for _, h := range what {
		body, err := json.Marshal(map[string]any{"type": webhookTypes[h.Kind], "timestamp": h.At,
			"data": map[string]string{"key": h.Item.Key, "text": h.Text}})
		if err != nil {
			continue
		}
		req, err := http.NewRequest(http.MethodPost, to.Callback, bytes.NewReader(body))
		if err != nil {
			continue
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("webhook-id", h.EventID)
		req.Header.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
		req.Header.Set("webhook-signature", channel.SignWebhook(to.Secrets["secret"], h.EventID, now, body))
		list = append(list, req)
	}
	return list
}
