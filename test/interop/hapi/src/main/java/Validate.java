// Validates every resource of a folder (*.json, *.ndjson) against FHIR R4 and the profiles it claims. Prints each issue,
// then `N valid, N invalid`; ends with 1 when one is invalid. Arguments: the folder, and folders of profiles.

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r4.model.MetadataResource;

public class Validate {
  public static void main(String[] arguments) throws IOException {
    FhirContext context = FhirContext.forR4();
    UnknownCodeSystemWarningValidationSupport unknown = new UnknownCodeSystemWarningValidationSupport(context);
    unknown.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.INFORMATION);
    FhirInstanceValidator instances = new FhirInstanceValidator(new ValidationSupportChain(
        new DefaultProfileValidationSupport(context),
        profiles(context, List.of(arguments).subList(1, arguments.length)),
        new CommonCodeSystemsTerminologyService(context),
        new InMemoryTerminologyServerValidationSupport(context),
        unknown));
    instances.setAnyExtensionsAllowed(true);
    instances.setErrorForUnknownProfiles(true);
    FhirValidator validator = context.newValidator().registerValidatorModule(instances);

    int valid = 0;
    int invalid = 0;
    for (String resource : resources(Path.of(arguments[0]))) {
      boolean good = true;
      for (SingleValidationMessage message : validator.validateWithResult(resource).getMessages()) {
        boolean isError = message.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0;
        if (isError) good = false;
        // dom-6 is a recommendation that the standard itself calls best practice: narratives we write for care plans only.
        boolean isAdvice = message.getMessage().contains("dom-6");
        if (isError || (message.getSeverity() == ResultSeverityEnum.WARNING && !isAdvice)) {
          System.out.println(message.getSeverity() + " " + message.getLocationString() + " " + message.getMessage());
        }
      }
      if (good) valid += 1;
      else {
        invalid += 1;
        System.out.println("  in " + resource.substring(0, Math.min(160, resource.length())));
      }
    }
    System.out.println(valid + " valid, " + invalid + " invalid");
    System.exit(invalid == 0 && valid > 0 ? 0 : 1);
  }

  private static PrePopulatedValidationSupport profiles(FhirContext context, List<String> folders) throws IOException {
    PrePopulatedValidationSupport known = new PrePopulatedValidationSupport(context);
    for (String folder : folders) {
      for (Path file : files(Path.of(folder), ".json")) {
        if (context.newJsonParser().parseResource(Files.readString(file)) instanceof MetadataResource one) known.addResource(one);
      }
    }
    return known;
  }

  private static List<String> resources(Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files(folder, ".json")) found.add(Files.readString(file));
    for (Path file : files(folder, ".ndjson")) {
      for (String line : Files.readAllLines(file)) if (!line.isBlank()) found.add(line);
    }
    return found;
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(path -> path.toString().endsWith(ending)).sorted().toList();
    }
  }
}
