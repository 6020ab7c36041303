from django.apps import AppConfig, apps


class CompositionConfig(AppConfig):
    name = "config"
    verbose_name = "Composition"

    def ready(self) -> None:
        import config.checks

        # As the desk's menu calls them; the type checker wants the app itself under its own name.
        apps.get_app_config("auth").verbose_name = "People"
