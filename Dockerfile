FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 STATIC_MANIFEST=1
WORKDIR /redress

COPY requirements/production.txt requirements/
RUN pip install --require-hashes -r requirements/production.txt

COPY manage.py pyproject.toml LICENSE ./
COPY config config
COPY complaints complaints
COPY escalations escalations
COPY reporting reporting
COPY templates templates

# Static files have the same names in every process, so they are made once, here; the secret is for this step alone.
RUN SECRET_KEY=only-to-collect-files python manage.py collectstatic --noinput \
    && useradd --system --no-create-home redress \
    && mkdir -p /redress/var/media && chown -R redress /redress/var
USER redress

EXPOSE 8000
VOLUME /redress/var
HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/', timeout=5)"
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", "--no-control-socket"]
