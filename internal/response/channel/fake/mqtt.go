package fake

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"strings"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"muster/internal/response/channel"
)

func openHorn(c *Carrier) {
	c.doors = append(c.doors, &Door{Name: "mqtt/horn", Label: "现场广播", Kind: channel.Horn})
}

// ServeMQTT is an MQTT broker on a listener until ctx ends, with a loudspeaker on
// every topic muster/horn/<topic>/say that plays and acknowledges. One scripted as
// Off or Nobody is not connected: the broker takes calls for it all the same (it
// cannot say 0x10, "no matching subscribers"). As Ignore it says nothing, as InCall
// it fails. Real loudspeakers may connect beside them.
func (c *Carrier) ServeMQTT(ctx context.Context, l net.Listener) error {
	broker := mqtt.New(&mqtt.Options{InlineClient: true, Logger: slog.New(slog.DiscardHandler)})
	if err := broker.AddHook(&horns{carrier: c, broker: broker, door: c.door("mqtt/horn"), ctx: ctx}, nil); err != nil {
		return err
	}
	if err := broker.AddListener(listeners.NewNet("horns", l)); err != nil {
		return err
	}
	if err := broker.Serve(); err != nil {
		return err
	}
	<-ctx.Done()
	return broker.Close()
}

// horns is the part of the broker that is ours.
type horns struct {
	mqtt.HookBase
	carrier *Carrier
	broker  *mqtt.Server
	door    *Door
	ctx     context.Context
}

// ID implements mqtt.Hook.
func (h *horns) ID() string { return "horns" }

// Provides implements mqtt.Hook.
func (h *horns) Provides(b byte) bool {
	return bytes.Contains([]byte{mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnPublish}, []byte{b})
}

// OnConnectAuthenticate lets in the accounts' users, and anybody where no account
// has one.
func (h *horns) OnConnectAuthenticate(_ *mqtt.Client, p packets.Packet) bool {
	named := h.carrier.customerWhere(channel.Horn, "mqtt", func(a channel.Account) bool { return a.Settings["user"] != "" })
	return named == nil || h.carrier.customerWhere(channel.Horn, "mqtt", func(a channel.Account) bool {
		return a.Settings["user"] == string(p.Connect.Username) && a.Secrets["password"] == string(p.Connect.Password)
	}) != nil
}

// OnACLCheck implements mqtt.Hook: everybody may everything under muster/.
func (h *horns) OnACLCheck(_ *mqtt.Client, topic string, _ bool) bool {
	return strings.HasPrefix(topic, "muster/")
}

// OnPublish takes a call to a loudspeaker.
func (h *horns) OnPublish(cl *mqtt.Client, p packets.Packet) (packets.Packet, error) {
	name, ok := strings.CutPrefix(p.TopicName, "muster/horn/")
	name, say := strings.CutSuffix(name, "/say")
	if !ok || !say || cl.Net.Inline {
		return p, nil
	}
	switch fate := h.carrier.Fate(h.ctx, h.door); fate {
	case Pass, Unheard, Nonsense:
		if !h.away(name) {
			h.play(name, p.Payload)
		}
		if fate != Pass {
			return p, packets.ErrRejectPacket // taken, not acknowledged
		}
		return p, nil
	case Closed:
		cl.Stop(packets.ErrServerUnavailable)
	case Busy, Away:
		return p, packets.ErrUnspecifiedError
	}
	return p, packets.ErrRejectPacket
}

func (h *horns) manner(name string) Manner {
	if p, ok := h.carrier.persons.Load(name); ok {
		return p.(Person).Call
	}
	return Confirm
}

func (h *horns) away(name string) bool {
	m := h.manner(name)
	return m == Off || m == Nobody
}

// play shows a call once per key, and acknowledges it each time.
func (h *horns) play(name string, payload []byte) {
	var call struct {
		Key      string `json:"key"`
		Clip     string `json:"clip"`
		Text     string `json:"text"`
		Repeat   int    `json:"repeat"`
		Exercise bool   `json:"exercise"`
		Level    string `json:"level"`
	}
	if json.Unmarshal(payload, &call) != nil {
		return
	}
	h.carrier.Deliver(h.door, nil, Box{HornBox, name}, Item{Key: call.Key, From: h.door.Label, Text: call.Text, Clip: call.Clip,
		Data: map[string]any{"repeat": call.Repeat, "exercise": call.Exercise, "level": call.Level}})
	conditions := h.carrier.weather.at(h.door.Name)
	ack := map[string]string{"key": call.Key, "state": "played"}
	switch h.manner(name) {
	case Ignore:
		return
	case InCall:
		ack = map[string]string{"key": call.Key, "state": "failed", "code": "amplifier"}
	}
	if !conditions.Silent && !h.carrier.chance.hits(conditions.ReceiptLoss) {
		h.carrier.plan(h.carrier.Now().Add(h.carrier.chance.within(conditions.Receipt)), func(time.Time) { h.acknowledge(name, ack) })
	}
}

func (h *horns) acknowledge(name string, ack map[string]string) {
	if body, err := json.Marshal(ack); err == nil && h.ctx.Err() == nil {
		_ = h.broker.Publish("muster/horn/"+name+"/ack", body, false, 1)
	}
}
