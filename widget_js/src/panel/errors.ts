/** What can go wrong, by code: people read a sentence of ours, code reads the code. */

export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly fields: Record<string, unknown> = {},
    readonly retryAfter: number | null = null,
    /** Guesses that remain of a code. */
    readonly left: number | null = null,
  ) {
    super(code);
  }

  /** Is it worth sending the very same thing again? */
  get passing(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  get stale(): boolean {
    return this.status === 401 && !this.code.startsWith('identity_');
  }
}

export const OFFLINE = 'offline';

export function offline(): ApiError {
  return new ApiError(OFFLINE, 0);
}

/** Reads the server's one error shape; anything else is a server that is away. */
export async function fromResponse(response: Response): Promise<ApiError> {
  try {
    const { error } = await response.json();
    return new ApiError(error.code, response.status, error.fields, error.retry_after, error.left);
  } catch {
    return new ApiError('internal_error', response.status || 500);
  }
}
