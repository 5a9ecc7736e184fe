package engine;

import jakarta.servlet.Filter;
import org.camunda.bpm.engine.rest.security.auth.ProcessEngineAuthenticationFilter;
import org.camunda.bpm.engine.rest.security.auth.impl.HttpBasicAuthenticationProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

@EnableAutoConfiguration
public class Engine {
  public static void main(String[] args) {
    DemoPasswords.refuseInProduction(System.getenv());
    SpringApplication.run(Engine.class, args);
  }

  /** Camunda's starter leaves the REST API open to everybody; this closes it. */
  @Bean
  FilterRegistrationBean<Filter> restAuthentication() {
    var registration = new FilterRegistrationBean<Filter>(new ProcessEngineAuthenticationFilter());
    registration.addUrlPatterns("/engine-rest/*");
    registration.addInitParameter("authentication-provider", HttpBasicAuthenticationProvider.class.getName());
    registration.setAsyncSupported(true);
    registration.setName("engine-authentication");
    return registration;
  }

  @Bean
  FilterRegistrationBean<Filter> decisionsByForm() {
    var registration = new FilterRegistrationBean<Filter>(new DecisionsByForm());
    registration.addUrlPatterns("/*");
    registration.setAsyncSupported(true);
    return registration;
  }
}
