/** A 404 is an answer: null. Every other error stays one. */
import { ApiError } from '../api/errors.ts';

export async function found<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'api.not-found') return null;
    throw error;
  }
}
