-- +goose Up
-- What a contract's form calls a post (岗位), where the role says less: 隧道总监 and
-- 驻地监理工程师 are both supervisors.
ALTER TABLE post ADD title text NOT NULL DEFAULT '' CHECK (length(title) <= 50);

-- +goose Down
ALTER TABLE post DROP title;
