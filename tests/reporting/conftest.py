from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoDbBlocker

from reporting.forms import ScopeForm
from reporting.scope import Scope
from tests.reporting import march
from tests.reporting.march import March


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[March]:
    """Lived through once for a module, which only reads it; each test's own rows are rolled back as ever."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield March()
        transaction.set_rollback(True)


@pytest.fixture
def reader(db: None) -> User:
    return march.reader()


@pytest.fixture
def scope(reader: User) -> Scope:
    return scope_of(reader, **march.MARCH)


@pytest.fixture
def page(client: Client, reader: User) -> Client:
    client.force_login(reader)
    return client


def scope_of(user: User, **chosen: str) -> Scope:
    address = QueryDict(mutable=True)
    address.update(chosen)
    form = ScopeForm(address, user=user, now=march.READ_AT)
    assert form.is_valid(), form.errors
    return form.scope()
