import { waitForHydration, expect, LIST, test, visit } from '../fixtures/test';

test('chosen theme is kept on other pages and visits', async ({ page, server, accessible }) => {
  await server.carrier();
  await page.emulateMedia({ colorScheme: 'light' });
  await visit(page, LIST);
  const surface = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await surface();
  const toggle = page.getByRole('button', { name: 'Theme' });
  await toggle.click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const dark = await surface();
  expect(dark).not.toBe(light);
  await page.reload();
  await waitForHydration(page);
  expect(await surface()).toBe(dark);
  await page.getByRole('link', { name: 'Twilio' }).click();
  await expect(page.getByRole('heading', { name: 'Twilio', level: 1 })).toBeVisible();
  expect(await surface()).toBe(dark);
  // The choice has precedence over the system.
  await accessible(page, 'chosen dark');
  await page.emulateMedia({ colorScheme: 'dark' });
  await toggle.click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  expect(await surface()).toBe(light);
  // The system's own theme is no choice: the page follows the system again.
  await toggle.click();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
  expect(await surface()).toBe(dark);
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(surface).toBe(light);
});

test('theme follows the system without a choice', async ({ page }) => {
  const surface = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  await visit(page, LIST);
  const light = await surface();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(surface).not.toBe(light);
});
