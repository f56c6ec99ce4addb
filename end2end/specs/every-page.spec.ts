import { everyPage } from '../fixtures/pages';
import { waitForHydration, expect, LIST, path, test, visit, type Page } from '../fixtures/test';

const PARTS = ['first quarter', 'second quarter', 'third quarter', 'fourth quarter'];

/** Every fourth page, so that each part has pages of all areas. */
function pagesOf<Entry>(part: string, pages: Entry[]): Entry[] {
  return pages.filter((_, index) => index % PARTS.length === PARTS.indexOf(part));
}

/** Accessible text of the page, without relative times, which change. */
async function textOf(page: Page): Promise<string> {
  const body = await page.locator('body').ariaSnapshot();
  return body.replace(/(just now|\d+ (s|min|seconds?|minutes?) ago)|\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'a while ago');
}

/** Follows a link within the console. */
async function follow(page: Page, address: string) {
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement('a'), { href, textContent: 'there' });
    document.querySelector('main')!.append(link);
    link.click();
    link.remove();
  }, address);
  await expect.poll(() => path(page)).toBe(address);
}

// Parts, which several workers share: one test of all pages would last as long as all the others together.
for (const part of PARTS) {
  test(`page has the same text by direct load, by link and without JavaScript, ${part}`, async ({ page, server, browser, guard, contextOptions, storageState }) => {
    test.setTimeout(900_000);
    guard.expectRefusal(404, /\/nowhere$/);
    const pages = pagesOf(part, await everyPage(server));
    const plain = await browser.newContext({ ...contextOptions, storageState, baseURL: server.url, javaScriptEnabled: false, viewport: page.viewportSize() });
    const unscripted = await plain.newPage();
    for (const [name, address] of pages) {
      await visit(page, address);
      const direct = await textOf(page);
      // From another page, so that no part of it is loaded already.
      await visit(page, address.startsWith('/dashboard/bots') ? LIST : '/dashboard/bots');
      await page.evaluate(() => Object.assign(window, { sameDocument: true }));
      await follow(page, address);
      await expect.poll(() => textOf(page), { message: `${name}, by a link` }).toBe(direct);
      expect(await page.evaluate(() => 'sameDocument' in window), `${name}: a link must not reload the page`).toBe(true);

      await unscripted.goto(address);
      const heading = unscripted.getByRole('heading').first();
      await expect(heading, `${name}, without JavaScript`).toBeVisible();
      expect(await unscripted.title(), name).toBe(await page.title());
      const headings = async (from: Page) => from.getByRole('heading').allInnerTexts();
      expect(await headings(unscripted), `${name}, without JavaScript`).toEqual(await headings(page));
    }
    await plain.close();
  });

  test(`pages and dialogs have no accessibility violations, light or dark, ${part}`, async ({ page, server, guard, accessible }) => {
    test.setTimeout(900_000);
    guard.expectRefusal(404, /\/nowhere$/);
    for (const [name, address] of pagesOf(part, await everyPage(server))) {
      await visit(page, address);
      await accessible(page, name);
    }
  });
}

test('API page has no accessibility violations, light or dark', async ({ page, accessible }) => {
  // The page has every operation and schema.
  test.setTimeout(600_000);
  await page.goto('/api/docs');
  for (const details of await page.locator('details').all()) await details.evaluate((element) => element.setAttribute('open', ''));
  await accessible(page, 'API');
});

test('OpenAPI page lists every operation and loads nothing external', async ({ page, server }) => {
  const document = await (await server.api.get('/api/openapi.json')).json();
  expect(document.openapi).toMatch(/^3\.1\./);
  const operations = Object.entries<Record<string, { operationId: string }>>(document.paths).flatMap(([address, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({ address, method, operationId })),
  );
  expect(operations.length).toBeGreaterThan(20);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);

  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  await page.goto('/api/docs');
  for (const { address } of operations) await expect(page.locator('summary code').filter({ hasText: address }).first()).toBeVisible();
  const sync = page.locator('details').filter({ has: page.getByText('/api/v1/carriers/{id}/sync', { exact: true }) });
  await sync.locator('summary').click();
  await expect(sync.getByText('The sync failed')).toBeVisible();
  await sync.getByRole('link', { name: 'CarrierView' }).first().click();
  await expect(page).toHaveURL(/#schema-carrierview$/);
  expect(requested.filter((url) => !url.startsWith(server.url))).toEqual([]);
});

test('page opened before its script has loaded is hydrated unchanged', async ({ page, server }) => {
  const pages = await everyPage(server);
  const [, address] = pages.find(([name]) => name === 'carrier')!;
  await page.goto(address, { waitUntil: 'commit' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Twilio');
  await waitForHydration(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Twilio');
});
