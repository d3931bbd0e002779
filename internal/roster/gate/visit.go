package gate

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/errs"
)

// visit is one request on its way through the door.
type visit struct {
	h       *handler
	w       http.ResponseWriter
	r       *http.Request
	at      time.Time // of receipt
	address netip.Addr
	device  Device
	body    []byte    // as it came: what signatures are made over
	sum     [32]byte  // SHA-256 of the body
	clean   []byte    // decompressed, without faces and templates: what is kept and read
	raw     uuid.UUID // the row of what was kept
	twin    bool      // it calls itself by another serial than the registered one
}

func (v *visit) ctx() context.Context { return v.r.Context() }

// enter finds out who it is and reads the request.
func (v *visit) enter(rt route) error {
	claim := Claim{Protocol: rt.protocol, Token: v.r.PathValue("token"), Address: v.address, At: v.at}
	if rt.claim != nil {
		rt.claim(v.r, &claim)
	}
	if rt.peek != nil && claim.Token == "" {
		if err := v.read(); err != nil {
			return err
		}
		rt.peek(v.body, &claim)
		return v.admit(claim)
	}
	if err := v.admit(claim); err != nil {
		return err
	}
	return v.read()
}

// admit asks the registry, the list of addresses and the rate.
func (v *visit) admit(c Claim) error {
	if c.Token == "" && c.KeyID == "" && c.Serial == "" {
		return errs.New(errs.SignIn, "no_key", "没有写明是哪台设备：地址里没有令牌，也没有序列号")
	}
	d, err := v.h.Device(v.ctx(), c)
	if err != nil {
		return v.stranger(c, err)
	}
	v.device = d
	if !allowed(d.Addresses, v.address) {
		return errs.New(errs.Forbidden, "address", "不允许从这个地址接入")
	}
	perMinute := d.PerMinute
	if perMinute == 0 {
		perMinute = v.h.PerMinute
	}
	if !v.h.rates.take(d.ID.String(), perMinute, v.at) {
		return errs.New(errs.Limit, "rate", "每分钟请求数超过 %d，请稍后再发", perMinute)
	}
	v.named(c.Serial)
	return nil
}

// stranger offers a device that nobody registered for adoption; strangers have
// a rate of their own, by address.
func (v *visit) stranger(c Claim, err error) error {
	if !errs.Is(err, errs.SignIn) {
		return err
	}
	perMinute := max(1, v.h.PerMinute/10)
	if !v.h.rates.take("stranger "+v.address.String(), perMinute, v.at) {
		return errs.New(errs.Limit, "rate", "请求过于频繁")
	}
	hello := Hello{Protocol: c.Protocol, Serial: tame(c.Serial), Address: v.address, At: v.at}
	if e := v.h.Unknown(v.ctx(), hello); e != nil {
		return e
	}
	return err
}

// tame makes a stranger's text fit to be kept and shown.
func tame(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', strings.ContainsRune("-_.:", r):
			return r
		}
		return -1
	}, text)
	return text[:min(len(text), 64)]
}

// named compares what a device calls itself with what is registered.
func (v *visit) named(serial string) {
	if serial != "" && v.device.Serial != "" && !strings.EqualFold(serial, v.device.Serial) {
		v.twin = true
	}
}

// read takes the body, at most MaxBody of it.
func (v *visit) read() error {
	tooLarge := errs.New(errs.Limit, codeTooLarge, "请求太大，最多 %d 字节；请分批发送，不要带照片", v.h.MaxBody)
	if v.r.ContentLength > v.h.MaxBody {
		v.w.Header().Set("Connection", "close")
		return tooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(v.w, v.r.Body, v.h.MaxBody))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return tooLarge
	}
	if err != nil {
		return errs.New(errs.Fix, codeHalf, "请求没有发完").Because(err)
	}
	v.body, v.sum = body, sha256.Sum256(body)
	return nil
}

// keep drops faces and stores what is left. Nothing is read before.
func (v *visit) keep() error {
	plain, err := inflate(v.r.Header.Get("Content-Encoding"), v.body, v.h.MaxBody)
	if err != nil {
		return err
	}
	kind := v.r.Header.Get("Content-Type")
	clean, dropped := Strip(kind, plain)
	return v.store(clean, dropped)
}

// store keeps what is left of a request.
func (v *visit) store(clean []byte, dropped int) (err error) {
	v.clean = clean
	v.raw, err = v.h.Keep(v.ctx(), Raw{
		DeviceID: v.device.ID, Protocol: v.device.Protocol, At: v.at, Address: v.address,
		Path: v.pathWithoutToken(), Query: v.queryWithoutKeys(), ContentType: v.r.Header.Get("Content-Type"),
		Body: clean, Dropped: dropped, SHA256: v.sum,
	})
	return err
}

func (v *visit) pathWithoutToken() string {
	if token := v.r.PathValue("token"); token != "" {
		return strings.Replace(v.r.URL.Path, "/"+token, "/…", 1)
	}
	return v.r.URL.Path
}

func (v *visit) queryWithoutKeys() string {
	q := v.r.URL.Query()
	q.Del("pushcommkey")
	return q.Encode()
}

// beat passes on a sign of life.
func (v *visit) beat(b Beat) error {
	v.named(b.Serial)
	b.At, b.Address, b.Twin = v.at, v.address, v.twin
	return v.h.Beat(v.ctx(), v.device, b)
}

// log writes down why a request was not taken: never what was in it.
func (v *visit) log(p Protocol, err error) {
	level := slog.LevelInfo
	if k := errs.KindOf(err); k == errs.Internal || k == errs.Down {
		level = slog.LevelError
	}
	v.h.Log.LogAttrs(v.ctx(), level, "gate refused", slog.String("protocol", string(p)),
		slog.String("device", v.device.ID.String()), slog.String("kind", string(errs.KindOf(err))), slog.String("err", err.Error()))
}
