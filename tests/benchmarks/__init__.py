"""How fast and in how much memory; each module runs by itself and says what it measures."""

import os

import django

os.environ["DEBUG"] = "0"  # with it Django would keep every statement
os.environ.setdefault("SECRET_KEY", "only-for-a-benchmark")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
