package upward

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/roster/gate"
)

// otherWay is the attendType of every pass: Muster does not keep by what a device knew
// somebody (devices.md §1.3).
const otherWay = "011"

func (f Forwarder) client(u postgres.Upstream) (*gate.RealNameClient, error) {
	secret, err := f.Sealer.Open("upstream", "secret", u.ID.String(), u.SecretSealed)
	if err != nil {
		return nil, err
	}
	var h *http.Client
	if h = f.HTTP; h == nil {
		h = Client()
	}
	return &gate.RealNameClient{URL: u.URL, AppID: u.AppID, Secret: secret, HTTP: h, Clock: f.Clock, Nonce: nonce}, nil
}

func nonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// send tells a batch. The things in it that cannot be told are named, the others go.
func (f Forwarder) send(ctx context.Context, b postgres.UpstreamBatch) postgres.UpstreamSent {
	out := postgres.UpstreamSent{Unfit: map[int64]string{}}
	client, err := f.client(b.Upstream)
	if err != nil {
		return withError(out, keys(err), b)
	}
	var fit []told
	for _, i := range b.Items {
		t, why, err := f.open(i)
		if err != nil {
			return withError(out, keys(err), b)
		}
		if why != "" && b.Stage != postgres.UpstreamTeam { // a team is told without its leader as well
			out.Unfit[i.ID] = why
			continue
		}
		fit = append(fit, t)
	}
	if len(fit) == 0 {
		return out
	}
	if out.Code, err = call(ctx, client, b, fit); err != nil {
		return withError(out, err, b)
	}
	return out
}

// keys is an error of our keys: no record and no platform is to blame.
func keys(err error) error {
	return errs.New(errs.Down, "upward_keys", "%s", errs.TextOf(err)).Because(err)
}

func withError(out postgres.UpstreamSent, err error, b postgres.UpstreamBatch) postgres.UpstreamSent {
	out.Err, out.Words = err, gate.TellError(err, names(b)...)
	return out
}

// told is a thing with its person in clear.
type told struct {
	postgres.UpstreamItem
	document gate.IDDocument
	phone    string
}

// open unseals the person of an item; why: he cannot be told of.
func (f Forwarder) open(i postgres.UpstreamItem) (t told, why string, err error) {
	t.UpstreamItem = i
	if i.PersonID != nil && i.PhoneSealed != nil {
		if t.phone, err = f.Sealer.Open("person", "phone", i.PersonID.String(), *i.PhoneSealed); err != nil {
			return t, "", err
		}
	}
	if i.PersonID == nil || i.IDSealed == nil {
		return t, "没有登记证件号码", nil
	}
	sealed, err := f.Sealer.Open("person", "id_number", i.PersonID.String(), *i.IDSealed)
	if err != nil {
		return t, "", err
	}
	number, err := roster.ParseCitizenID(sealed)
	if err != nil {
		return t, "登记的不是居民身份证号码：证件种类没有保存，不能上报", nil
	}
	t.document = gate.IDDocument{Number: number}
	return t, "", nil
}

func call(ctx context.Context, c *gate.RealNameClient, b postgres.UpstreamBatch, list []told) (code string, err error) {
	team := gate.Team{Project: b.Upstream.ProjectCode, CompanyCode: b.Team.CompanyCode, Company: b.Team.Company, Name: b.Team.Name}
	switch b.Stage {
	case postgres.UpstreamTeam:
		if b.Team.EnteredOn != nil {
			team.Entered = *b.Team.EnteredOn
		}
		team.Leader, team.LeaderPhone, team.LeaderID = list[0].Name, list[0].phone, list[0].document
		return c.AddTeam(ctx, team)
	case postgres.UpstreamWorker:
		return c.AddWorkers(ctx, team, b.Team.Number, each(list, worker))
	case postgres.UpstreamMove:
		return c.AddMoves(ctx, team, b.Team.Number, each(list, func(t told) gate.Move {
			return gate.Move{Document: t.document, Day: t.At, Joined: t.Direction == "in"}
		}))
	}
	codes, err := c.Attend(ctx, team.Project, b.Team.Number, each(list, func(t told) gate.Attendance {
		return gate.Attendance{Document: t.document, At: t.At, Out: t.Direction == "out", Channel: t.Channel, Type: otherWay}
	}))
	if err != nil {
		return "", err
	}
	return codes[0], nil // a batch is one call
}

// workCode is a work type of the dialect; what people wrote in words is not sent.
var workCode = regexp.MustCompile(`^\d{3}$`)

func worker(t told) gate.Worker {
	w := gate.Worker{Name: t.Name, Document: t.document, Manager: t.Manager, Leader: t.Leader, Phone: t.phone}
	if workCode.MatchString(t.WorkType) {
		w.WorkType = t.WorkType
	}
	return w
}

func each[T, V any](list []T, f func(T) V) []V {
	out := make([]V, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

func names(b postgres.UpstreamBatch) []string {
	return each(b.Items, func(i postgres.UpstreamItem) string { return i.Name })
}

// ask asks what became of a batch.
func (f Forwarder) ask(ctx context.Context, b postgres.UpstreamBatch, code string) postgres.UpstreamResult {
	client, err := f.client(b.Upstream)
	if err != nil {
		return postgres.UpstreamResult{Err: keys(err), Words: errs.TextOf(err)}
	}
	r, err := client.Result(ctx, code)
	if err != nil {
		return postgres.UpstreamResult{Err: err, Words: gate.TellError(err, names(b)...)}
	}
	out := postgres.UpstreamResult{Refused: r.State == gate.ResultFailed, Words: gate.Tell(r.Text, names(b)...)}
	out.Pending = !out.Refused && r.State != gate.ResultDone
	if b.Stage == postgres.UpstreamTeam {
		out.Number, _ = r.TeamNumber()
	}
	return out
}
