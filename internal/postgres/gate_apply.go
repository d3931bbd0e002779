package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
)

// ApproveGate records that the competent authority agrees (主管部门同意): from now on
// the device's records are taken.
func (db *DB) ApproveGate(ctx context.Context, device uuid.UUID, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			UPDATE gate SET approved_at = $2, approved_by = $3, refused_at = NULL, refused_by = '', refused_reason = ''
			WHERE  device_id = $1 AND approved_at IS NULL`, device, at, by.Name)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return audit(ctx, tx, by, "approve_gate", "device", device.String(), nil, at)
	})
}

// RefuseGate records that the authority does not agree, and why. The device's
// records stay refused; the project may apply again.
func (db *DB) RefuseGate(ctx context.Context, device uuid.UUID, reason string, by Actor, o Once, at time.Time) error {
	if reason == "" {
		return errs.New(errs.Fix, "reason_missing", "不同意接入要写明理由")
	}
	return db.onApplication(ctx, device, o, at, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			UPDATE gate SET refused_at = $2, refused_by = $3, refused_reason = $4
			WHERE  device_id = $1 AND approved_at IS NULL AND refused_at IS NULL`, device, at, by.Name, reason)
		if err == nil && tag.RowsAffected() == 0 {
			err = errs.New(errs.Conflict, "gate_decided", "这份申请已经处理过；已同意的设备要停止接收，请停用设备")
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "refuse_gate", "device", device.String(), map[string]any{"reason": reason}, at)
	})
}

// ApplyGate applies again for a device that was refused.
func (db *DB) ApplyGate(ctx context.Context, device uuid.UUID, by Actor, o Once, at time.Time) error {
	return db.onApplication(ctx, device, o, at, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			UPDATE gate SET applied_at = $2, applied_by = $3, refused_at = NULL, refused_by = '', refused_reason = ''
			WHERE  device_id = $1 AND refused_at IS NOT NULL`, device, at, by.Name)
		if err == nil && tag.RowsAffected() == 0 {
			err = errs.New(errs.Conflict, "gate_not_refused", "这份申请没有被退回，不用重新申请")
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "apply_gate", "device", device.String(), nil, at)
	})
}

// onApplication runs an act on the application of a device, once.
func (db *DB) onApplication(ctx context.Context, device uuid.UUID, o Once, at time.Time, do func(pgx.Tx) error) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := once(ctx, tx, o, at, func() (uuid.UUID, error) { return device, do(tx) })
		return err
	})
}
