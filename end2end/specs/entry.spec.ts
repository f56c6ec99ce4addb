import { request } from '@playwright/test';
import { waitForHydration, EMAIL, expect, field, HOME, LIST, PASSWORD, path, test, visit } from '../fixtures/test';

test.describe('setup', () => {
  test.use({ admin: false });

  test('printed address creates the administrator and logs in', async ({
    page,
    server,
    guard,
    accessible,
  }) => {
    // Setup is refused without the token.
    await visit(page, '/');
    expect(path(page)).toBe('/setup');
    await expect(page.getByText('The Link Is Incomplete')).toBeVisible();

    await visit(page, server.setupUrl!);
    await expect(page.getByRole('heading', { name: 'Create the administrator' })).toBeVisible();
    await expect(page.getByText('The Link Is Incomplete')).toBeHidden();
    // The token is removed from the address and so from the history.
    await expect(page).toHaveURL(`${server.url}/setup`);
    await expect(field(page, 'E-mail')).toBeFocused();
    await accessible(page, 'set-up');

    await field(page, 'E-mail').fill('not an address');
    await field(page, 'Password').fill('short');
    await page.getByRole('button', { name: 'Create administrator' }).click();
    await expect(page.getByText('Write an e-mail address')).toBeVisible();
    await expect(field(page, 'E-mail')).toBeFocused();
    await expect(field(page, 'Password')).toHaveAttribute('aria-invalid', 'true');
    await accessible(page, 'set-up with faults');

    await page.getByRole('button', { name: 'Show password' }).click();
    await expect(field(page, 'Password')).toHaveAttribute('type', 'text');

    await field(page, 'E-mail').fill(EMAIL);
    await field(page, 'Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create administrator' }).click();
    await expect(page).toHaveURL(server.url + HOME);
    await waitForHydration(page);
    await expect(page.getByRole('heading', { name: 'Get Started' })).toBeVisible();
    await expect(page.getByText(EMAIL).filter({ visible: true })).toBeVisible();
    await server.logIn();
    expect(await server.get('/auth/me')).toMatchObject({ email: EMAIL, role: 'admin' });

    // The token is valid once.
    await page.context().clearCookies();
    guard.expectRefusal(403, /^\/api\/fn\/session\/set_up$/);
    await visit(page, server.setupUrl!);
    const again = page.getByRole('button', { name: 'Create administrator' });
    if (await again.isVisible()) {
      await field(page, 'E-mail').fill('intruder@example.com');
      await field(page, 'Password').fill(PASSWORD);
      await again.click();
      await expect(page.getByRole('main').getByRole('alert')).toContainText('Set-up is closed');
    } else {
      await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
    }
    const anonymous = await request.newContext({ baseURL: server.url });
    const refused = await anonymous.post('/api/v1/auth/login', {
      data: { email: 'intruder@example.com', password: PASSWORD },
    });
    expect(refused.status()).toBe(401);
    await anonymous.dispose();
  });
});

test.describe('login', () => {
  test.use({ loggedIn: false });

  test('wrong password is rejected; the right one leads to the requested page', async ({
    page,
    guard,
    server,
    accessible,
  }) => {
    await visit(page, '/dashboard/bots?x=1');
    expect(path(page)).toBe(`/login?next=${encodeURIComponent('/dashboard/bots?x=1')}`);
    await accessible(page, 'login');

    guard.expectRefusal(401, /^\/api\/fn\/session\/log_in$/);
    await field(page, 'E-mail').fill(EMAIL);
    await field(page, 'Password').fill('wrong horse battery');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('main').getByRole('alert')).toContainText('The e-mail address or the password is wrong');
    await expect(field(page, 'E-mail')).toHaveValue(EMAIL);
    await accessible(page, 'login refused');

    await field(page, 'Password').fill(PASSWORD);
    await field(page, 'Password').press('Enter');
    await expect(page).toHaveURL(`${server.url}/dashboard/bots?x=1`);
    await expect(page.getByRole('heading', { name: 'Bots', level: 1 })).toBeVisible();
  });

  test('login does not redirect to another site', async ({ page, server }) => {
    for (const elsewhere of ['https://evil.example', '//evil.example', '/\\evil.example']) {
      // Leaves the hydrated page first, because its requests would fail.
      await page.goto('about:blank');
      await page.context().clearCookies();
      await visit(page, `/login?next=${encodeURIComponent(elsewhere)}`);
      await field(page, 'E-mail').fill(EMAIL);
      await field(page, 'Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Log in' }).click();
      await expect(page).toHaveURL(server.url + HOME);
    }
  });
});

test('logout ends the session, and Back shows no data', async ({ page, server }) => {
  await server.carrier({ name: 'Secretive' });
  await visit(page, LIST);
  await expect(page.getByRole('link', { name: 'Secretive' })).toBeVisible();
  expect((await server.send('GET', '/auth/me')).status).toBe(200);
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByText('You are logged out.')).toBeVisible();
  expect((await server.send('GET', '/auth/me')).status).toBe(401);

  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  await expect(page.getByText('Secretive')).toBeHidden();
});

test('unknown address shows a page with a link to the console', async ({ page, guard, accessible }) => {
  guard.expectRefusal(404, /^\/(dashboard\/)?(nowhere|carriers\/|bots\/)/);
  guard.expectRefusal(404, /^\/api\/(v1|fn)\//);
  await visit(page, '/nowhere');
  await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible();
  await accessible(page, 'not found, outside');
  for (const address of ['/dashboard/nowhere', '/dashboard/carriers/car_01hf7yat000000000000000000', '/dashboard/bots/x']) {
    await visit(page, address);
    await expect(page.locator('h1')).toHaveText('Not Found');
    await accessible(page, address);
  }
  await page.getByRole('main').getByRole('link', { name: 'Bots', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Bots', level: 1 })).toBeVisible();
});
