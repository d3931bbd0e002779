package httpapi

import (
	"context"
	"net/http"
	"unicode/utf8"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
)

// The system administrator makes accounts without rights, the security
// administrator gives rights: no one person can do both.
func (s *Server) userRoutes() {
	allow(s, operation{id: "createUser", method: http.MethodPost, path: "/users", summary: "新建没有任何权限的账号（系统管理员）", status: http.StatusCreated}, account.CreateUser, s.createUser)
	allow(s, operation{id: "grant", method: http.MethodPost, path: "/users/{id}/grants", summary: "授权（安全管理员）", status: http.StatusNoContent}, account.GrantRights, s.grant)
	allow(s, operation{id: "disableUser", method: http.MethodDelete, path: "/users/{id}", summary: "停用账号并收回全部权限（安全管理员）", status: http.StatusNoContent}, account.GrantRights, s.disableUser)
}

const shortestPassword = 10

type createUserRequest struct {
	Body struct {
		Login    string `json:"login" pattern:"^[a-z0-9._-]{2,40}$" doc:"小写字母、数字、点、下划线、横线"`
		Title    string `json:"title" minLength:"1" maxLength:"40"`
		Password string `json:"password" maxLength:"200"`
	}
}

type createdUser struct {
	ID uuid.UUID `json:"id"`
}

func (s *Server) createUser(ctx context.Context, c call, in *createUserRequest) (*answer[createdUser], error) {
	if utf8.RuneCountInString(in.Body.Password) < shortestPassword {
		return nil, errs.New(errs.Fix, "password_short", "初始密码至少 %d 个字符", shortestPassword)
	}
	id, err := s.DB.AddUser(ctx, in.Body.Login, in.Body.Title, account.HashPassword(in.Body.Password), c.actor(), c.at)
	return reply(createdUser{id}, err)
}

// UserPath names an account in the path.
type UserPath struct {
	ID uuid.UUID `path:"id"`
}

type grantRequest struct {
	UserPath
	Body struct {
		Role      string `json:"role"`
		PlaceKind string `json:"place_kind,omitempty" enum:"authority,company,project,section,site" doc:"系统、安全、审计管理员和技术支持不填"`
		Place     string `json:"place,omitempty" maxLength:"200" doc:"单位名称；项目代码；项目/合同段；项目/合同段/点位"`
	}
}

func (s *Server) grant(ctx context.Context, c call, in *grantRequest) (*nothing, error) {
	role := account.Role(in.Body.Role)
	if !role.Valid() {
		return nil, errs.New(errs.Fix, "role_unknown", "没有 %q 这个角色", in.Body.Role)
	}
	if role.Installation() != (in.Body.PlaceKind == "") {
		return nil, errs.New(errs.Fix, "role_place", "%s要%s单位", role.Label(), map[bool]string{true: "不填", false: "填写"}[role.Installation()])
	}
	var place postgres.GrantPlace
	if in.Body.PlaceKind != "" {
		var err error
		if place, err = s.DB.FindPlace(ctx, in.Body.PlaceKind, in.Body.Place); err != nil {
			return nil, err
		}
	}
	return nil, s.DB.AddGrant(ctx, in.ID, role, place, c.actor(), c.at)
}

func (s *Server) disableUser(ctx context.Context, c call, in *UserPath) (*nothing, error) {
	if in.ID == c.who.UserID {
		return nil, errs.New(errs.Forbidden, "own_account", "不能停用自己的账号")
	}
	return nil, s.DB.EndGrants(ctx, in.ID, c.actor(), c.at)
}
