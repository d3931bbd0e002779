package httpapi

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
)

// checkinCodePurpose keeps the hashes of these codes apart from those that sign in:
// one cannot be used for the other.
const checkinCodePurpose = "checkin_code"

// checkinCodeWithin is less than the page's own patience.
const checkinCodeWithin = 8 * time.Second

// unproven says that only the phone itself says whose it is. Where no code can be
// sent nobody is asked for one.
func (s *Server) unproven(v visitor) bool {
	return s.Courier != nil && v.who.Proof != postgres.ProofCode
}

// numberOf is the registered number of whose phone it is; "" when there is none.
func (s *Server) numberOf(v visitor) string {
	if v.who == nil || v.who.PhoneSealed == nil {
		return ""
	}
	number, err := s.Sealer.Open("person", "phone", v.who.ID.String(), *v.who.PhoneSealed)
	if err != nil {
		s.Log.Error("a person's number does not open", "person", v.who.ID, "err", err)
		return ""
	}
	return number
}

// phoneTail is enough of the number to know one's own phone by, and too little to
// learn it from.
func (s *Server) phoneTail(v visitor) *string {
	number := s.numberOf(v)
	if len(number) < 2 {
		return nil
	}
	return new(number[len(number)-2:])
}

var noNumber = errs.New(errs.Fix, "no_number", "您没有登记手机号，不能用短信验证；打卡照常，会注明手机未验证")

// checkinAskCode sends a code to the registered number of who the phone says it is:
// whoever reads it has that phone.
func (s *Server) checkinAskCode(v visitor) (any, error) {
	number := s.numberOf(v)
	switch {
	case v.who == nil:
		return nil, unconfirmed
	case s.Courier == nil:
		return nil, errs.New(errs.Down, "no_courier", "本系统还没有接通短信；打卡照常")
	case number == "":
		return nil, noNumber
	}
	address := network(v.r.RemoteAddr, v.r.Header.Get("X-Forwarded-For"))
	code := account.NewCode()
	asked := postgres.AskedCode{ID: uuid.New(), Phones: s.phoneHashes(number), Address: s.Sealer.Hash(addressPurpose, address)}
	asked.CodeHash = s.Sealer.Hash(checkinCodePurpose, asked.ID.String()+code)
	if err := s.DB.KeepCode(v.ctx(), asked, v.at); err != nil {
		return nil, err
	}
	// He has said who he is: whether the number exists is no secret, and he should
	// know at once that nothing comes.
	ctx, cancel := context.WithTimeout(v.ctx(), checkinCodeWithin)
	defer cancel()
	if err := s.Courier.SendCode(ctx, number, code); err != nil {
		return nil, errs.New(errs.Down, "code_not_sent", "短信没有发出去，请先打卡，以后再验证").Because(err)
	}
	return codeAskedView{int(account.CodeLife.Seconds()), int(account.PhoneRates[0].Per.Seconds())}, nil
}

// checkinProve takes the code: from now on the phone is for certain his.
func (s *Server) checkinProve(v visitor) (any, error) {
	var b struct {
		Code string `json:"code"`
	}
	if err := readJSON(v.r, &b); err != nil {
		return nil, err
	}
	number := s.numberOf(v)
	switch {
	case v.who == nil:
		return nil, unconfirmed
	case number == "":
		return nil, noNumber
	}
	typed := strings.Join(strings.Fields(narrow(b.Code)), "")
	err := s.DB.UsePhoneCode(v.ctx(), s.phoneHashes(number), func(id uuid.UUID, hash string) bool {
		return slices.Contains(s.Sealer.Hashes(checkinCodePurpose, id.String()+typed), hash)
	}, v.at)
	if errs.Is(err, errs.SignIn) {
		return nil, errs.New(errs.Fix, "wrong_code", "验证码不对，或已失效") // he is not signed in to anything
	}
	if err != nil {
		return nil, err
	}
	if err := s.DB.BindPhone(v.ctx(), v.phone, v.who.ID, postgres.ProofCode, v.at); err != nil {
		return nil, err
	}
	if err := s.DB.Audited(v.ctx(), postgres.Actor{Name: "phone"}, "prove_phone", "person", v.who.ID.String(), map[string]any{"site": v.point.SiteID}, v.at); err != nil {
		return nil, err
	}
	v.who.Proof = postgres.ProofCode
	return s.checkinState(v)
}
