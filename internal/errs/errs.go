// Package errs is the closed list of the kinds of failure that Muster knows.
//
// A kind says what the reader of the error can do about it, not whose fault it
// was (../../docs/flow.md, operations.md §6 "error classes"). One table turns a
// kind into an HTTP status; the human text is Chinese first and carries no
// internals and no personal data.
package errs

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Kind is what can be done about a failure.
type Kind string

// The kinds, with the Chinese label that people see.
const (
	Fix       Kind = "fix"       // 请修改后再试: the input is wrong, the text says how to mend it
	SignIn    Kind = "sign_in"   // 请先登录: nobody is signed in, or the key is unknown
	Forbidden Kind = "forbidden" // 无权限: the role may not do this
	Outside   Kind = "outside"   // 不在管辖范围: the role may, but not here
	NotFound  Kind = "not_found" // 没有: nothing of that id can be seen from here
	Conflict  Kind = "conflict"  // 已被他人修改: somebody else changed it first
	Gone      Kind = "gone"      // 已解除或已过期: no longer open
	Limit     Kind = "limit"     // 超出限额: too large, too many, too often
	Unsafe    Kind = "unsafe"    // 内容不安全, 已拒收: refused without being read further
	Held      Kind = "held"      // 待人工确认: kept, a person must look
	Again     Kind = "again"     // 稍后自动重试: will work later, unchanged
	Down      Kind = "down"      // 服务暂不可用: something we need is not there
	Internal  Kind = "internal"  // our own fault
)

var kinds = map[Kind]struct {
	label  string
	status int
}{
	Fix:       {"请修改后再试", http.StatusUnprocessableEntity},
	SignIn:    {"请先登录", http.StatusUnauthorized},
	Forbidden: {"无权限", http.StatusForbidden},
	Outside:   {"不在管辖范围", http.StatusForbidden},
	NotFound:  {"没有找到", http.StatusNotFound},
	Conflict:  {"已被他人修改", http.StatusConflict},
	Gone:      {"已解除或已过期", http.StatusGone},
	Limit:     {"超出限额", http.StatusTooManyRequests},
	Unsafe:    {"内容不安全，已拒收", http.StatusUnprocessableEntity},
	Held:      {"待人工确认", http.StatusConflict},
	Again:     {"稍后自动重试", http.StatusServiceUnavailable},
	Down:      {"服务暂不可用", http.StatusServiceUnavailable},
	Internal:  {"内部错误", http.StatusInternalServerError},
}

// Label is the fixed Chinese word of the kind.
func (k Kind) Label() string { return kinds[k].label }

// Status is the HTTP status of the kind; 500 for one that is not in the list.
func (k Kind) Status() int {
	if s := kinds[k].status; s != 0 {
		return s
	}
	return http.StatusInternalServerError
}

// Retryable says whether the same request, unchanged, can succeed later.
func (k Kind) Retryable() bool { return k == Again || k == Down || k == Limit }

// Detail is one thing that is wrong with the input.
type Detail struct {
	Where string `json:"where"`          // a JSON path, or line and column
	Text  string `json:"text"`           // what is wrong
	Mend  string `json:"mend,omitempty"` // what would be right
}

func (d Detail) String() string {
	s := d.Where + ": " + d.Text
	if d.Mend != "" {
		s += "（" + d.Mend + "）"
	}
	return s
}

// Error is a failure of a known kind. Code is a stable word for machines, Text
// is for the person who is looking at it.
type Error struct {
	Kind    Kind
	Code    string
	Text    string
	Details []Detail
	cause   error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	b.WriteString(": ")
	b.WriteString(e.Text)
	for _, d := range e.Details {
		b.WriteString("; ")
		b.WriteString(d.String())
	}
	if e.cause != nil {
		b.WriteString(": ")
		b.WriteString(e.cause.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.cause }

// New makes a failure. The text is a complete sentence without a full stop.
func New(k Kind, code, format string, args ...any) *Error {
	return &Error{Kind: k, Code: code, Text: fmt.Sprintf(format, args...)}
}

// With adds what exactly is wrong.
func (e *Error) With(d ...Detail) *Error {
	c := *e
	c.Details = append(append([]Detail(nil), e.Details...), d...)
	return &c
}

// Because keeps the technical cause for the log; people do not see it.
func (e *Error) Because(err error) *Error {
	c := *e
	c.cause = err
	return &c
}

// KindOf finds the kind of any error; Internal for those that have none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// TextOf is what a person may read of a failure; a failure of no known kind says
// only that it is ours.
func TextOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Text
	}
	return "系统内部错误"
}

// Is says whether err is a failure of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }
