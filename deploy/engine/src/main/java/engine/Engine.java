package engine;

import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.servlet.Filter;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEnginePlugin;
import org.camunda.bpm.engine.rest.security.auth.impl.HttpBasicAuthenticationProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/** Camunda, closed to strangers: filters in front of it in the order of their numbers, and plugins of its engine. */
@EnableAutoConfiguration
public class Engine {
  private static final String REST = "/engine-rest/*";
  private static final String WEB_APPLICATIONS = "/camunda/api/*";
  private static final String MONITORING = "/actuator/*";

  public static void main(String[] args) {
    DemoPasswords.refuseInProduction(Secrets.read(System.getenv()));
    SpringApplication.run(Engine.class, args);
  }

  @Bean
  Service service() {
    return Service.of(Secrets.read(System.getenv()));
  }

  @Bean
  FilterRegistrationBean<Filter> plainPaths() {
    return filter(0, new PlainPaths(), "/*");
  }

  @Bean
  FilterRegistrationBean<Filter> smallBodies() {
    return filter(1, new SmallBodies(), "/camunda/api/admin/*");
  }

  @Bean
  FilterRegistrationBean<Filter> fewSessions() {
    return filter(1, new FewSessions(Ticker.systemTicker()), "/camunda/*");
  }

  @Bean
  FilterRegistrationBean<Filter> serviceLogin(Service service, ProcessEngine engine) {
    return filter(1, new ServiceLogin(service, engine.getIdentityService()), REST, MONITORING);
  }

  @Bean
  LoginThrottle throttle() {
    return new LoginThrottle(new FailedLogins(Ticker.systemTicker()));
  }

  @Bean
  FilterRegistrationBean<Filter> loginThrottle(LoginThrottle throttle) {
    return filter(2, throttle, REST, WEB_APPLICATIONS, MONITORING);
  }

  /** Camunda's starter leaves the REST API open to everybody; this closes it. */
  @Bean
  FilterRegistrationBean<Filter> peopleLogin() {
    var registration = filter(3, new PeopleLogin(), REST, MONITORING);
    registration.addInitParameter("authentication-provider", HttpBasicAuthenticationProvider.class.getName());
    return registration;
  }

  @Bean
  FilterRegistrationBean<Filter> peopleUseForms(ProcessEngine engine) {
    var forms = new TaskForms(engine.getFormService());
    return filter(4, new PeopleUseForms(forms, new Visitors(engine.getIdentityService())), REST, WEB_APPLICATIONS);
  }

  @Bean
  ProcessEnginePlugin serviceUnchecked(Service service) {
    return new ServiceUnchecked(service);
  }

  @Bean
  ProcessEnginePlugin people(Service service, LoginThrottle throttle) {
    return new People.Plugin(service, throttle);
  }

  @Bean
  ProcessEnginePlugin ownTasks() {
    return new OwnTasks.Plugin();
  }

  private static FilterRegistrationBean<Filter> filter(int order, Filter filter, String... paths) {
    var registration = new FilterRegistrationBean<>(filter);
    registration.addUrlPatterns(paths);
    registration.setAsyncSupported(true);
    registration.setOrder(order);
    return registration;
  }
}
