package httpapi

import (
	"context"
	"net/http"
	"strings"

	"muster/internal/account"
)

func (s *Server) gateApplicationRoutes() {
	allow(s, operation{id: "approveGate", method: http.MethodPost, path: "/devices/{id}/gate/approve", summary: "主管部门同意接入", status: http.StatusNoContent},
		account.LeadDuty, s.approveGate)
	allow(s, operation{id: "refuseGate", method: http.MethodPost, path: "/devices/{id}/gate/refuse", summary: "主管部门不同意接入，写明理由", status: http.StatusNoContent},
		account.LeadDuty, s.refuseGate)
	allow(s, operation{id: "applyGate", method: http.MethodPost, path: "/devices/{id}/gate/apply", summary: "被退回后重新申请", status: http.StatusNoContent},
		account.EditDevices, s.applyGate)
}

// approveGate is the authority's word (主管部门同意): a duty leader in whose
// territory, or under whose supervision, the device stands.
func (s *Server) approveGate(ctx context.Context, c call, in *DevicePath) (*nothing, error) {
	if _, err := s.DB.GateByDevice(ctx, c.scope, in.ID, today(c.at)); err != nil {
		return nil, err
	}
	return nil, s.DB.ApproveGate(ctx, in.ID, c.actor(), c.at)
}

func (s *Server) refuseGate(ctx context.Context, c call, in *struct {
	DevicePath
	OnceHeader
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}) (*nothing, error) {
	if _, err := s.DB.GateByDevice(ctx, c.scope, in.ID, today(c.at)); err != nil {
		return nil, err
	}
	once := in.once(c, "refuse gate "+in.ID.String(), in.Body)
	return nil, s.DB.RefuseGate(ctx, in.ID, strings.TrimSpace(in.Body.Reason), c.actor(), once, c.at)
}

func (s *Server) applyGate(ctx context.Context, c call, in *struct {
	DevicePath
	OnceHeader
}) (*nothing, error) {
	if _, err := s.DB.GateByDevice(ctx, c.scope, in.ID, today(c.at)); err != nil {
		return nil, err
	}
	return nil, s.DB.ApplyGate(ctx, in.ID, c.actor(), in.once(c, "apply gate "+in.ID.String(), nil), c.at)
}
