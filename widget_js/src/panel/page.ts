/** What the page says of itself, sent along with a request when its writer agrees. */

export function pageContext(language: string, host: Record<string, unknown>): Record<string, unknown> {
  return {
    url: location.href.slice(0, 2000),
    title: document.title.slice(0, 500),
    browser: navigator.userAgent.slice(0, 500),
    viewport: `${innerWidth}×${innerHeight}`,
    language,
    ...(Object.keys(host).length ? { host } : {}),
  };
}
