import { EMAIL, PASSWORD, expect, field, path, row, test, visit, waitForHydration } from '../fixtures/test';

const USERS = '/dashboard/users';
const COLLEAGUE = 'colleague@example.com';
const NEW_PASSWORD = 'battery staple horse';

test('user is invited, accepts, changes the role, and is disabled', async ({ page, browser, server, accessible }) => {
  await visit(page, USERS);
  await expect(row(page, EMAIL)).toContainText('Administrator');
  await page.getByRole('link', { name: 'Invite User' }).click();
  await page.getByRole('button', { name: 'Invite User' }).click();
  await expect(field(page, 'E-mail')).toBeFocused();
  await expect(page.getByText('Enter an e-mail address.')).toBeVisible();
  await field(page, 'E-mail').fill(COLLEAGUE);
  await field(page, 'Role').selectOption('developer');
  await accessible(page, 'invite a user');
  await page.getByRole('button', { name: 'Invite User' }).click();
  await expect(page.getByRole('heading', { name: `Invited ${COLLEAGUE}` })).toBeFocused();
  await accessible(page, 'invited user');
  const link = await page.locator('.copy-value').innerText();
  expect(link).toContain(`${server.url}/invitation?token=`);
  await page.getByRole('link', { name: 'Back to Users' }).click();
  await expect(row(page, COLLEAGUE)).toContainText('Invited');
  await expect(page.locator('main')).not.toContainText('token=');

  const theirs = await (await browser.newContext({ baseURL: server.url })).newPage();
  const referrers: (string | undefined)[] = [];
  theirs.on('request', (request) => referrers.push(request.headers().referer));
  await visit(theirs, link);
  await expect(theirs).toHaveURL(`${server.url}/invitation`);
  await expect(field(theirs, 'E-mail')).toHaveValue(COLLEAGUE);
  await field(theirs, 'Password').fill('short');
  await theirs.getByRole('button', { name: 'Set Password' }).click();
  await expect(theirs.getByText('Use at least 12 characters')).toBeVisible();
  await accessible(theirs, 'invitation');
  await field(theirs, 'Password').fill(PASSWORD);
  await theirs.getByRole('button', { name: 'Set Password' }).click();
  await expect(theirs).toHaveURL(`${server.url}/dashboard`);
  await waitForHydration(theirs);
  expect(referrers.filter((referrer) => referrer?.includes('token'))).toEqual([]);
  await expect(theirs.getByRole('link', { name: 'Users', exact: true })).toHaveCount(0);

  // The list follows.
  await expect(row(page, COLLEAGUE)).toContainText('Active');
  await row(page, COLLEAGUE).getByRole('link', { name: COLLEAGUE }).click();
  await expect(page.getByRole('table')).toContainText('Chrome on Linux');
  await accessible(page, 'user');
  await field(page, 'Role').selectOption('viewer');
  await page.getByRole('button', { name: 'Save Role' }).click();
  await expect(row(page, COLLEAGUE)).toContainText('Viewer');
  // A lower role ends the sessions.
  await theirs.goto('/dashboard/bots');
  await expect(theirs.getByRole('heading', { name: 'Log In' })).toBeVisible();
  await theirs.context().close();

  await row(page, COLLEAGUE).getByRole('link', { name: COLLEAGUE }).click();
  await page.getByRole('link', { name: 'Disable' }).click();
  const dialog = page.getByRole('dialog', { name: `Disable ${COLLEAGUE}` });
  await expect(dialog.getByRole('link', { name: 'Cancel' })).toBeFocused();
  await accessible(page, 'disable user');
  await dialog.getByRole('button', { name: 'Disable User' }).click();
  await expect(page.getByRole('main').getByText('Disabled', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Password Link' })).toHaveCount(0);
  const users = (await server.get('/users')).items;
  expect(users.find((user: { email: string }) => user.email === COLLEAGUE)).toMatchObject({ state: 'disabled', role: 'viewer', sessions: 0 });
});

test('password link is created, replaces the password, and works once', async ({ page, browser, server }) => {
  const invited = await server.invite(COLLEAGUE, 'viewer');
  await visit(page, `${USERS}/${invited.user.id}`);
  await page.getByRole('link', { name: 'New Invitation Link' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create Link' }).click();
  await expect(page.getByRole('heading', { name: `Invited ${COLLEAGUE}` })).toBeFocused();
  expect(path(page)).toBe(`${USERS}/${invited.user.id}`);
  const link = await page.locator('.copy-value').innerText();

  const theirs = await (await browser.newContext({ baseURL: server.url })).newPage();
  await theirs.goto(invited.url);
  await expect(theirs.getByRole('heading', { name: 'The Link Cannot Be Used' })).toBeVisible();
  await visit(theirs, link);
  await field(theirs, 'Password').fill(PASSWORD);
  await theirs.getByRole('button', { name: 'Set Password' }).click();
  await expect(theirs).toHaveURL(`${server.url}/dashboard`);
  await theirs.context().close();
  await expect(page.getByRole('link', { name: 'Password Link' })).toBeVisible();
});

test('last administrator cannot be disabled', async ({ page, server, guard }) => {
  const me = await server.get('/auth/me');
  await visit(page, `${USERS}/${me.id}?disable=1`);
  guard.expectRefusal(409, /^\/api\/fn\/users\/update$/);
  await page.getByRole('dialog').getByRole('button', { name: 'Disable User' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('the last administrator');
});

test('own password is changed, and another session is ended', async ({ page, colleague, server, guard, accessible }) => {
  await visit(colleague, '/dashboard/bots');
  // The session lasts; an open page would report that it has ended.
  await colleague.close();
  await visit(page, '/dashboard/account');
  await accessible(page, 'account');
  await page.getByRole('link', { name: /^Sign out / }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Sign Out Session' });
  await accessible(page, 'end a session');
  await dialog.getByRole('button', { name: 'Sign Out Session' }).click();
  await expect(dialog).toBeHidden();

  await field(page, 'Current Password').fill('wrong horse battery');
  await field(page, 'New Password').fill(NEW_PASSWORD);
  guard.expectRefusal(422, /^\/api\/fn\/own_account\/change_password$/);
  await page.getByRole('button', { name: 'Change Password' }).click();
  await expect(page.getByText('This is not your current password.')).toBeVisible();
  await field(page, 'Current Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change Password' }).click();
  await expect(page.getByText('Your password is changed.')).toBeVisible();
  const refused = await fetch(`${server.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: EMAIL, password: PASSWORD }),
  });
  expect(refused.status).toBe(401);
});

test('signing out everywhere leads to the login page', async ({ page, server }) => {
  await visit(page, '/dashboard/account');
  await page.getByRole('link', { name: 'Sign Out Everywhere' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign Out Everywhere' }).click();
  await expect(page).toHaveURL(`${server.url}/login?out=1`);
});
