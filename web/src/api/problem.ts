/** What the server, or the way to it, said when something did not work. RFC 9457 plus our `code`, `kind` and `errors`. */
export interface ProblemBody {
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  kind?: string;
  errors?: { location?: string; message?: string; mend?: string }[];
}

/** A failed request, in words a duty officer can act on. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
    readonly retryAfter: number | null = null,
  ) {
    super(problemInWords(status, body, retryAfter));
  }

  /** Somebody else changed it first. */
  get conflict(): boolean {
    return this.status === 409;
  }

  /** This server does not know the address: an older one, or a part that is not installed. */
  get unknown(): boolean {
    return this.status === 404 || this.status === 405 || this.status === 501;
  }

  /** The same act may be sent again unchanged, with the same idempotency key. */
  get again(): boolean {
    return this.status === 0 || this.status === 408 || this.status >= 500;
  }
}

const byStatus: Record<number, string> = {
  0: '连不上服务器，没有收到回答。',
  401: '登录已失效，请重新登录。',
  403: '无权限。',
  404: '没有找到，或不在管辖范围。',
  408: '服务器太久没有回答，可以再试。',
  409: '已被他人修改。',
  413: '内容太大，已拒收。',
  429: '次数超出限额，请稍后再试。',
};

/** One or more sentences: what happened, where, and how to mend it. Codes are never shown alone. */
export function problemInWords(status: number, body: ProblemBody, retryAfter: number | null = null): string {
  const head = body.detail || body.title || byStatus[status] || (status >= 500 ? '服务暂不可用，可以再试。' : '请求没有成功。');
  const details = (body.errors ?? []).map((e) => [e.message, e.mend].filter(Boolean).join('，')).filter(Boolean);
  const wait = status === 429 && retryAfter ? `${Math.ceil(retryAfter / 60)} 分钟后可以再试。` : '';
  return [head, ...details, wait].filter(Boolean).join(' ');
}

/** The text of anything thrown, for showing in place. */
export function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
