import { EMAIL, PASSWORD, expect, field, row, test } from '../fixtures/test';

const USERS = '/dashboard/users';
const COLLEAGUE = 'colleague@example.com';

test('without JavaScript a user is invited, accepts, and is deleted', async ({ page, browser, server, guard }) => {
  await page.goto(USERS);
  await page.getByRole('link', { name: 'Invite User' }).click();
  await field(page, 'E-mail').fill('colleague');
  guard.expectRefusal(422, /\/users\/invite$/);
  await page.getByRole('button', { name: 'Invite User' }).click();
  await expect(page.getByText('Write an e-mail address')).toBeVisible();
  await field(page, 'E-mail').fill(COLLEAGUE);
  await page.getByRole('button', { name: 'Invite User' }).click();
  await expect(page.getByRole('heading', { name: `Invited ${COLLEAGUE}` })).toBeVisible();
  const link = await page.locator('.copy-value').innerText();

  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const theirs = await context.newPage();
  await theirs.goto(link);
  await field(theirs, 'Password').fill('short');
  await theirs.getByRole('button', { name: 'Set Password' }).click();
  await expect(theirs.getByText(/at least 12 characters/i).first()).toBeVisible();
  await field(theirs, 'Password').fill(PASSWORD);
  await theirs.getByRole('button', { name: 'Set Password' }).click();
  await expect(theirs).toHaveURL(`${server.url}/dashboard`);
  await context.close();

  await page.getByRole('link', { name: `Open ${COLLEAGUE}` }).click();
  await page.getByRole('link', { name: 'Password Link' }).click();
  await page.getByRole('button', { name: 'Create Link' }).click();
  await expect(page.getByRole('heading', { name: `Password Link for ${COLLEAGUE}` })).toBeVisible();
  await page.goto(USERS);
  await row(page, COLLEAGUE).getByRole('link', { name: COLLEAGUE }).click();
  await page.getByRole('link', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Delete User' }).click();
  await expect(row(page, EMAIL)).toBeVisible();
  await expect(row(page, COLLEAGUE)).toHaveCount(0);
  expect((await server.get('/users')).total).toBe(1);
});

test('without JavaScript the own password is changed', async ({ page, guard }) => {
  await page.goto('/dashboard/account');
  await field(page, 'Current Password').fill('wrong horse battery');
  await field(page, 'New Password').fill('battery staple horse');
  guard.expectRefusal(422, /\/account$/);
  await page.getByRole('button', { name: 'Change Password' }).click();
  await expect(page.getByText('This is not your current password.')).toBeVisible();
  await expect(field(page, 'New Password')).toHaveValue('');
  await field(page, 'Current Password').fill(PASSWORD);
  await field(page, 'New Password').fill('battery staple horse');
  await page.getByRole('button', { name: 'Change Password' }).click();
  await expect(page.getByText('Your password is changed.')).toBeVisible();
  await page.getByRole('link', { name: 'Sign Out Everywhere' }).click();
  await page.getByRole('button', { name: 'Sign Out Everywhere' }).click();
  await expect(page.getByText('You are logged out.')).toBeVisible();
});
