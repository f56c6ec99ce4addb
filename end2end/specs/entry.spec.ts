import { request } from '@playwright/test';
import { alive, EMAIL, expect, field, HOME, LIST, PASSWORD, path, test, visit } from '../fixtures/test';

test.describe('the first start', () => {
  test.use({ admin: false });

  test('whoever opens the printed address creates the administrator and stands in the console', async ({
    page,
    server,
    guard,
    accessible,
  }) => {
    // Without the token nobody gets further.
    await visit(page, '/');
    expect(path(page)).toBe('/setup');
    await expect(page.getByText('The link is incomplete')).toBeVisible();

    await visit(page, server.setupUrl!);
    await expect(page.getByRole('heading', { name: 'Create the administrator' })).toBeVisible();
    await expect(page.getByText('The link is incomplete')).toBeHidden();
    // A token in the address would stay in the history.
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
    await alive(page);
    await expect(page.getByRole('heading', { name: 'To the first call' })).toBeVisible();
    await expect(page.getByText(EMAIL).filter({ visible: true })).toBeVisible();
    await server.logIn();
    expect(await server.get('/auth/me')).toMatchObject({ email: EMAIL, role: 'admin' });

    // The link was good once.
    await page.context().clearCookies();
    guard.expectRefusal(403, /^\/setup$/);
    await visit(page, server.setupUrl!);
    const again = page.getByRole('button', { name: 'Create administrator' });
    if (await again.isVisible()) {
      await field(page, 'E-mail').fill('intruder@example.com');
      await field(page, 'Password').fill(PASSWORD);
      await again.click();
      await expect(page.getByRole('alert')).toContainText('Set-up is closed');
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

test.describe('logging in', () => {
  test.use({ loggedIn: false });

  test('a wrong password is told of, keeps the address, and the right one leads to where one wanted to go', async ({
    page,
    guard,
    server,
    accessible,
  }) => {
    await visit(page, '/dashboard/bots?x=1');
    expect(path(page)).toBe(`/login?next=${encodeURIComponent('/dashboard/bots?x=1')}`);
    await accessible(page, 'login');

    guard.expectRefusal(401, /auth\/login$/);
    await field(page, 'E-mail').fill(EMAIL);
    await field(page, 'Password').fill('wrong horse battery');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('alert')).toContainText('The e-mail address or the password is wrong');
    await expect(field(page, 'E-mail')).toHaveValue(EMAIL);
    await accessible(page, 'login refused');

    await field(page, 'Password').fill(PASSWORD);
    await field(page, 'Password').press('Enter');
    await expect(page).toHaveURL(`${server.url}/dashboard/bots?x=1`);
    await expect(page.getByRole('heading', { name: 'Bots', level: 1 })).toBeVisible();
  });

  test('a link cannot send one to another site after the login', async ({ page, server }) => {
    for (const elsewhere of ['https://evil.example', '//evil.example', '/\\evil.example']) {
      // First away from the page that is live: it would ask in vain.
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

test('logging out ends the session on the server, and the way back shows nothing', async ({ page, server }) => {
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

test('an address at which there is nothing says so and leads back', async ({ page, guard, accessible }) => {
  guard.expectRefusal(404, /^\/(dashboard\/)?(nowhere|carriers\/|bots\/)/);
  guard.expectRefusal(404, /^\/api\/v1\//);
  await visit(page, '/nowhere');
  await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible();
  await accessible(page, 'not found, outside');
  for (const address of ['/dashboard/nowhere', '/dashboard/carriers/car_01hf7yat000000000000000000', '/dashboard/bots/x']) {
    await visit(page, address);
    await expect(page.locator('h1')).toHaveText('Not found');
    await accessible(page, address);
  }
  await page.getByRole('main').getByRole('link', { name: 'Bots', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Bots', level: 1 })).toBeVisible();
});
