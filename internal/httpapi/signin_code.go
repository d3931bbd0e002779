package httpapi

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/roster"
)

// Courier brings a sign-in code to a phone.
type Courier interface {
	// SendCode hands a code over to a carrier. The error says nothing of the number.
	SendCode(ctx context.Context, phone, code string) error
}

// codePurpose and addressPurpose keep their hashes apart from others.
const (
	codePurpose    = "sign_in_code"
	addressPurpose = "address"
)

func (s *Server) codeRoutes() {
	open(s, operation{id: "askCode", method: http.MethodPost, path: "/session/code", summary: "获取登录验证码：号码是否登记，回答都一样", maxBody: 4 << 10}, s.askCode)
	open(s, operation{id: "verifyCode", method: http.MethodPost, path: "/session/code/verify", summary: "用手机号和验证码登录（现场角色）", maxBody: 4 << 10}, s.verifyCode)
}

// askedFrom is where a request came from: an address, or the /64 of an IPv6 one,
// which is one household.
type askedFrom struct{ address string }

// Resolve implements huma.Resolver.
func (a *askedFrom) Resolve(hc huma.Context) []error {
	a.address = network(hc.RemoteAddr(), hc.Header("X-Forwarded-For"))
	return nil
}

var _ huma.Resolver = (*askedFrom)(nil)

// network takes what a proxy on this machine or in its private network says of
// whom it asks for; from anywhere else the header is anybody's word.
func network(remote, forwarded string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	list := strings.Split(forwarded, ",")
	if last, err := netip.ParseAddr(strings.TrimSpace(list[len(list)-1])); err == nil && (ip.IsLoopback() || ip.Unmap().IsPrivate()) {
		ip = last
	}
	if ip = ip.Unmap(); ip.Is6() {
		p, _ := ip.WithZone("").Prefix(64) // 64 is never too long for IPv6
		return p.String()
	}
	return ip.String()
}

type askCodeRequest struct {
	askedFrom
	Body struct {
		Phone string `json:"phone" minLength:"1" maxLength:"40"`
	}
}

type codeAskedView struct {
	GoodFor int `json:"good_for_s" doc:"验证码的有效时间，秒"`
	Again   int `json:"again_s" doc:"多少秒后可以再要一次"`
}

// askCode answers the same whether the number is known or not, and as quickly:
// the code leaves after the answer.
func (s *Server) askCode(ctx context.Context, in *askCodeRequest) (*answer[codeAskedView], error) {
	if s.Courier == nil {
		return nil, errs.New(errs.Down, "no_courier", "本系统还没有接通短信，不能用手机号登录")
	}
	phone, err := roster.ParsePhone(in.Body.Phone)
	if err != nil {
		return nil, err
	}
	at := s.Clock.Now()
	asked := postgres.AskedCode{ID: uuid.New(), Phones: s.phoneHashes(phone), Address: s.Sealer.Hash(addressPurpose, in.address)}
	asked.User, err = s.DB.PhoneUser(ctx, asked.Phones, at)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	code := account.NewCode()
	asked.CodeHash = s.Sealer.Hash(codePurpose, asked.ID.String()+code)
	if err := s.DB.KeepCode(ctx, asked, at); err != nil {
		return nil, err
	}
	if asked.User != uuid.Nil {
		go s.sendCode(context.WithoutCancel(ctx), phone, code)
	}
	return reply(codeAskedView{int(account.CodeLife.Seconds()), int(account.PhoneRates[0].Per.Seconds())}, nil)
}

// phoneHashes are those under every key, the current one first.
func (s *Server) phoneHashes(phone string) []string {
	current := s.Sealer.Hash(account.PhonePurpose, phone)
	all := s.Sealer.Hashes(account.PhonePurpose, phone)
	return append([]string{current}, slices.DeleteFunc(all, func(h string) bool { return h == current })...)
}

const sendWithin = 20 * time.Second

func (s *Server) sendCode(ctx context.Context, phone, code string) {
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	if err := s.Courier.SendCode(ctx, phone, code); err != nil {
		s.Log.ErrorContext(ctx, "sign-in code not sent", "err", err)
	}
}

type verifyCodeRequest struct {
	Body struct {
		Phone string `json:"phone" minLength:"1" maxLength:"40"`
		Code  string `json:"code" minLength:"1" maxLength:"20"`
	}
}

func (s *Server) verifyCode(ctx context.Context, in *verifyCodeRequest) (*answer[me], error) {
	phone, err := roster.ParsePhone(in.Body.Phone)
	if err != nil {
		return nil, err
	}
	at := s.Clock.Now()
	typed := strings.Join(strings.Fields(narrow(in.Body.Code)), "")
	user, err := s.DB.UseCode(ctx, s.phoneHashes(phone), func(id uuid.UUID, hash string) bool {
		return slices.Contains(s.Sealer.Hashes(codePurpose, id.String()+typed), hash)
	}, at)
	if err != nil {
		return nil, err
	}
	if err := s.bindWeChat(ctx, user, at); err != nil {
		return nil, err
	}
	return s.enterField(ctx, user, "code", at)
}

// sessionField marks a session of a phone: of its user's grants only those of the
// field hold in it.
const sessionField = "field"

// enterField signs a phone in.
func (s *Server) enterField(ctx context.Context, user uuid.UUID, by string, at time.Time) (*answer[me], error) {
	who, err := s.DB.Principal(ctx, user, at)
	if err != nil {
		return nil, err
	}
	who = who.InTheField()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return nil, err
	}
	s.sessions.Put(ctx, sessionUser, user.String())
	s.sessions.Put(ctx, sessionField, true)
	s.stayIn(ctx)
	if err := s.DB.Audited(ctx, postgres.Actor{ID: user, Name: who.Login}, "sign_in", "user", user.String(), map[string]any{"by": by}, at); err != nil {
		return nil, err
	}
	return reply(s.meView(ctx, who, at))
}

// stayIn lets a phone's session last from now on. Sessions live by the machine's
// clock: the session library has no other.
func (s *Server) stayIn(ctx context.Context) {
	if s.sessions.GetBool(ctx, sessionField) {
		s.sessions.SetDeadline(ctx, clock.System{}.Now().Add(account.PhoneSession).UTC())
	}
}
